import { Injectable } from '@nestjs/common';
import { HoldEvents, PusherService } from 'nestjs-pusher-channels';
import { Database } from './database.js';

export interface Order {
  id: number;
  product: string;
  count: number;
}

export interface Product {
  name: string;
  stock: number;
}

/** The events of this application, with their data. */
export interface ShopEvents {
  'order.placed': Order;
}

export class SoldOutError extends Error {}

/** Of PostgreSQL, when a row breaks a CHECK. */
const CHECK_VIOLATION = '23514';

@Injectable()
export class Shop {
  constructor(
    private readonly database: Database,
    private readonly pusher: PusherService<ShopEvents>,
  ) {}

  async state(): Promise<{ products: Product[]; orders: Order[] }> {
    const products = await this.database.rows<Product>('SELECT * FROM products ORDER BY name');
    const orders = await this.database.rows<Order>('SELECT * FROM orders ORDER BY id DESC');
    return { products, orders };
  }

  /**
   * `@HoldEvents()` is around the whole transaction: the event leaves after COMMIT, and never after
   * ROLLBACK. Without it, the other tabs would show orders that do not exist.
   * @throws SoldOutError when there is not enough left; the transaction has been rolled back
   */
  @HoldEvents()
  async place(product: string, count: number): Promise<Order> {
    try {
      return await this.database.transaction(async (transaction) => {
        const { rows } = await transaction.query<Order>(
          'INSERT INTO orders (product, count) VALUES ($1, $2) RETURNING *',
          [product, count],
        );
        const [order] = rows as [Order];
        this.pusher.emit('shop', 'order.placed', order, { toOthers: true });
        // The last portions may be gone: then this fails, after the event was emitted.
        await transaction.query('UPDATE products SET stock = stock - $2 WHERE name = $1', [
          product,
          count,
        ]);
        return order;
      });
    } catch (error) {
      if ((error as { code?: string }).code !== CHECK_VIOLATION) throw error;
      throw new SoldOutError(`There is not enough ${product} left.`);
    }
  }
}
