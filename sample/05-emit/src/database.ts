import { PGlite, type Transaction } from '@electric-sql/pglite';
import type { OnApplicationShutdown } from '@nestjs/common';

const SCHEMA = `
  CREATE TABLE products (name text PRIMARY KEY, stock integer NOT NULL CHECK (stock >= 0));
  CREATE TABLE orders (id serial PRIMARY KEY, product text REFERENCES products, count integer NOT NULL);
  INSERT INTO products VALUES ('Espresso', 10), ('Cheesecake', 3);
`;

/**
 * PostgreSQL, compiled to WebAssembly, in the memory of this process: real transactions and constraints
 * without a server to install. In your application this is your ORM or your pool.
 */
export class Database implements OnApplicationShutdown {
  private constructor(private readonly postgres: PGlite) {}

  static async open(): Promise<Database> {
    const postgres = await PGlite.create();
    await postgres.exec(SCHEMA);
    return new Database(postgres);
  }

  /** Commits when the work succeeds, and rolls back when it throws. */
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return this.postgres.transaction(work);
  }

  async rows<Row>(query: string): Promise<Row[]> {
    return (await this.postgres.query<Row>(query)).rows;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.postgres.close();
  }
}
