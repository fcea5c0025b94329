import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { AppModule } from '../../sample/06-typed-events/src/app.module.js';
import { next } from '../support/testing/clients.js';
import { RunningSample } from './running-sample.js';

const ROOT = join(import.meta.dirname, '../..');

describe('sample 06', () => {
  it('uses the React hook of docs/client.md', () => {
    const [docs, hook] = ['docs/client.md', 'sample/06-typed-events/page/use-event.ts'].map(
      (path) => readFileSync(join(ROOT, path), 'utf8'),
    );
    expect(docs).toContain(`\`\`\`ts\n${hook}\`\`\`\n`);
  });

  it('serves the page that Vite has built, and nothing else', async () => {
    await using sample = await RunningSample.start(AppModule);
    const [type, html] = await sample.served('/');
    expect(type).toBe('text/html; charset=utf-8');
    const assets = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path);
    const served = await Promise.all(assets.map((path) => sample.served(path ?? '')));
    expect(served).toEqual([
      ['text/javascript; charset=utf-8', expect.stringContaining('order.placed')],
      ['text/css; charset=utf-8', expect.stringContaining('#problem')],
    ]);
    await expect(sample.served('/assets/../events.ts')).rejects.toThrow('404');
  });

  it('announces an order to everybody, without white space around the dish', async () => {
    await using sample = await RunningSample.start(AppModule);
    const kitchen = (await sample.client()).subscribe('kitchen');
    await next(kitchen, 'pusher:subscription_succeeded');
    const placed = next<{ id: string }>(kitchen, 'order.placed');
    const response = await sample.post('/orders', { dish: ' Soup ', portions: 2, price: 1 });
    expect(response.status).toBe(202);
    const order = await placed;
    expect(order).toEqual({ id: expect.any(String), dish: 'Soup', portions: 2 });
    const ready = next(kitchen, 'order.ready');
    await sample.post(`/orders/${order.id}/ready`, {});
    await expect(ready).resolves.toEqual({ id: order.id });
  });

  it('responds to a wrong order with what is wrong with it', async () => {
    await using sample = await RunningSample.start(AppModule);
    const response = await sample.post('/orders', { dish: '', portions: 50 });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      message: expect.stringContaining('`data` does not fit the schema of "order.placed"'),
      issues: [
        { path: 'dish', message: expect.any(String) },
        { path: 'portions', message: expect.any(String) },
      ],
    });
  });
});
