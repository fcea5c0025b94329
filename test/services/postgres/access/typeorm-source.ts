import { DataSource, type EntityManager } from 'typeorm';
import type { PostgresAddress } from '../../../support/services/postgres-server.js';
import { POOL_SIZE, type Run } from '../orders.js';

/** A data source of TypeORM, connected. */
export function connectTypeOrm({ host, user, database }: PostgresAddress): Promise<DataSource> {
  const options = {
    type: 'postgres',
    host,
    username: user,
    database,
    poolSize: POOL_SIZE,
  } as const;
  return new DataSource(options).initialize();
}

/** Runs statements in the transaction of the manager. */
export function runWith(manager: EntityManager): Run {
  return (statement, values) => manager.query(statement, [...values]);
}
