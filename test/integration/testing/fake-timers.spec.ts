import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PusherModule, PusherService } from '../../../lib/index.js';
import { PusherTestServer } from '../../../lib/testing/index.js';
import { startContext } from '../../support/nest/app-with-pusher.js';

describe('with fake timers of Jest', () => {
  let server: PusherTestServer;

  beforeEach(async () => {
    server = await PusherTestServer.start();
  });

  afterEach(async () => {
    jest.useRealTimers();
    await server.stop();
  });

  const start = async (timeoutMs?: number) =>
    startContext({ imports: [PusherModule.forRoot({ ...server.options, timeoutMs })] });

  it('requests settle, one after another on a connection that was open before, and the application closes', async () => {
    const app = await start();
    const pusher = app.get(PusherService);
    await pusher.trigger('news', 'before', 1);
    jest.useFakeTimers();
    for (let at = 0; at < 70; at += 1) await pusher.trigger('news', 'during', at);
    await expect(pusher.channels()).resolves.toEqual({});
    await app.close();
    expect(server.published()).toHaveLength(71);
  });

  it('a request that gets no response times out', async () => {
    const app = await start(100);
    jest.useFakeTimers();
    server.failNext({ delayMs: Infinity });
    await expect(app.get(PusherService).trigger('news', 'e', 1)).rejects.toMatchObject({
      code: 'PUSHER_TIMEOUT',
    });
    await app.get(PusherService).trigger('news', 'next', 1);
    await app.close();
  });

  it('a retry is made', async () => {
    const app = await start();
    jest.useFakeTimers();
    server.failNext({ status: 503, times: 2 });
    await app.get(PusherService).trigger('news', 'e', 1);
    expect(server.requests()).toHaveLength(3);
    await app.close();
  });

  it('a test server starts, waits, gives up waiting, and stops', async () => {
    jest.useFakeTimers();
    const other = await PusherTestServer.start();
    await expect(other.nextPublished('never', { timeoutMs: 20 })).rejects.toThrow('Timed out');
    await other.stop();
  });

  it('delays of a test server end', async () => {
    const app = await start();
    jest.useFakeTimers();
    server.failNext({ delayMs: 20 });
    await app.get(PusherService).trigger('news', 'e', 1);
    await app.close();
  });
});
