import 'reflect-metadata';
import { Test } from '@nestjs/testing';
import { PusherModule, PusherService } from 'nestjs-pusher-channels';
import { PusherTestServer } from 'nestjs-pusher-channels/testing';

declare const vi: typeof jest | undefined;
const runner = typeof vi === 'undefined' ? jest : vi;

/** Vitest leaves some of what it can replace alone by default. */
const FAKED = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
  'queueMicrotask',
  'performance',
  'Date',
];

describe.each([
  ['the timers that are replaced by default', undefined],
  ['all timers replaced', typeof vi === 'undefined' ? undefined : { toFake: FAKED }],
])('with %s', (_which, config) => {
  afterEach(() => runner.useRealTimers());

  it('events are sent, sent again, and time out', async () => {
    const server = await PusherTestServer.start();
    const imports = [PusherModule.forRoot({ ...server.options, timeoutMs: 200 })];
    const app = await Test.createTestingModule({ imports }).compile();
    const pusher = app.get(PusherService);
    await pusher.trigger('news', 'before', 1);
    runner.useFakeTimers(config);

    for (let at = 0; at < 20; at += 1) await pusher.trigger('news', 'during', at);
    expect(server.published()).toHaveLength(21);

    server.failNext({ status: 503 });
    await pusher.trigger('news', 'again', 1);
    expect(server.published()).toHaveLength(22);

    server.failNext({ delayMs: Infinity });
    await expect(pusher.trigger('news', 'e', 1)).rejects.toMatchObject({ code: 'PUSHER_TIMEOUT' });

    await app.close();
    await server.stop();
  });

  it('batches are sent, and a server starts and stops', async () => {
    runner.useFakeTimers(config);
    const server = await PusherTestServer.start();
    const imports = [PusherModule.forRoot({ ...server.options, batching: true })];
    const app = await Test.createTestingModule({ imports }).compile();
    const pusher = app.get(PusherService);
    await Promise.all([pusher.trigger('news', 'e', 1), pusher.trigger('news', 'e', 2)]);
    expect(server.published()).toHaveLength(2);
    await app.close();
    await server.stop();
  });
});
