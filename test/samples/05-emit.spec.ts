import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppModule } from '../../sample/05-emit/src/app.module.js';
import type { Order } from '../../sample/05-emit/src/shop.js';
import { PusherService } from '../../lib/index.js';
import { type PusherClient, collect, next, settled } from '../support/testing/clients.js';
import { RunningSample } from './running-sample.js';

describe('sample 05', () => {
  let sample: RunningSample;
  beforeAll(async () => {
    sample = await RunningSample.start(AppModule);
  });
  afterAll(() => sample[Symbol.asyncDispose]());

  /** A client of the shop, and the orders that it receives. */
  async function customer(): Promise<[PusherClient, Order[]]> {
    const client = await sample.client();
    const shop = client.subscribe('shop');
    await next(shop, 'pusher:subscription_succeeded');
    return [client, collect<Order>(shop, 'order.placed')];
  }

  function order(product: string, count: unknown, sender?: PusherClient): Promise<Response> {
    const headers = sender && { 'x-socket-id': sender.connection.socket_id };
    return sample.post('/shop/orders', { product, count }, headers);
  }

  async function placedOrders(): Promise<Order[]> {
    const [, state] = await sample.served('/shop');
    return (JSON.parse(state) as { orders: Order[] }).orders;
  }

  async function received(...clients: PusherClient[]): Promise<void> {
    await sample.app.get(PusherService).flush();
    await Promise.all(clients.map(settled));
  }

  it('publishes an order to everybody but its sender', async () => {
    const [[sender, ownOrders], [reader, otherOrders]] = [await customer(), await customer()];
    const response = await order('Espresso', 2, sender);
    const placed = { id: expect.any(Number), product: 'Espresso', count: 2 };
    expect([response.status, await response.json()]).toEqual([200, placed]);
    await received(sender, reader);
    expect([ownOrders, otherOrders]).toEqual([[], [placed]]);
    expect(await placedOrders()).toContainEqual(otherOrders[0]);
  });

  it('publishes nothing of an order that is rolled back', async () => {
    const [reader, orders] = await customer();
    const before = await placedOrders();
    const response = await order('Cheesecake', 5);
    expect(await response.json()).toEqual({ refusal: 'There is not enough Cheesecake left.' });
    await received(reader);
    expect(orders).toEqual([]);
    expect(await placedOrders()).toEqual(before);
  });

  it('sells the last portions once, however many want them at the same moment', async () => {
    const [reader, orders] = await customer();
    const responses = await Promise.all(Array.from({ length: 9 }, () => order('Cheesecake', 1)));
    const results = (await Promise.all(responses.map((response) => response.json()))) as object[];
    expect(results.filter((result) => 'refusal' in result)).toHaveLength(6);
    await received(reader);
    expect(orders).toHaveLength(3);
  });

  it.each([
    ['Tea', 1],
    ['Espresso', 0],
    ['Espresso', 1.5],
    ['Espresso', '1'],
  ])('refuses an order of %j × %j', async (product, count) => {
    expect((await order(product, count)).status).toBe(400);
  });
});
