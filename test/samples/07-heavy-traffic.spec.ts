import { describe, expect, it } from '@jest/globals';
import { AppModule } from '../../sample/07-heavy-traffic/src/app.module.js';
import { DistantServer } from '../../sample/07-heavy-traffic/src/distant-server.js';
import { next } from '../support/testing/clients.js';
import { RunningSample } from './running-sample.js';

const LOAD = { isRunning: true, isBatching: false, roundTripMs: 5 };

describe('sample 07', () => {
  it('publishes how many events the server accepts, one each or in batches', async () => {
    await using sample = await RunningSample.start(AppModule);
    const { standIn } = sample.app.get(DistantServer);
    const traffic = (await sample.client()).subscribe('traffic');
    await next(traffic, 'pusher:subscription_succeeded');

    expect((await sample.post('/load', LOAD)).status).toBe(204);
    await expect(next(traffic, 'measured')).resolves.toEqual({
      perSecond: expect.any(Number),
      failed: 0,
      isBatching: false,
      roundTripMs: 5,
    });
    expect(standIn.requests().every(({ path }) => path.endsWith('/events'))).toBe(true);

    await sample.post('/load', { ...LOAD, isBatching: true });
    // Ends when batches arrive; the first count may be of the seconds before.
    while (!standIn.requests().some(({ path }) => path.endsWith('/batch_events')))
      await next(traffic, 'measured');
    await sample.post('/load', { ...LOAD, isRunning: false });
  });

  it('puts the chosen distance before the server', async () => {
    await using sample = await RunningSample.start(AppModule);
    const server = sample.app.get(DistantServer);
    server.roundTripMs = 100;
    const start = performance.now();
    await fetch(`http://127.0.0.1:${server.options.port}/`);
    expect(performance.now() - start).toBeGreaterThan(95);
  });

  it('knows only the distances that the page offers', async () => {
    await using sample = await RunningSample.start(AppModule);
    const response = await sample.post('/load', { ...LOAD, roundTripMs: 1e9 });
    expect(response.status).toBe(400);
    const [, load] = await sample.served('/load');
    expect(JSON.parse(load)).toEqual({ isRunning: false, isBatching: false, roundTripMs: 20 });
  });
});
