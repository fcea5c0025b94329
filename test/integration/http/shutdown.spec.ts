import { afterEach, describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { PusherModule } from '../../../lib/pusher.module.js';
import { PusherService } from '../../../lib/pusher.service.js';
import { SystemClock } from '../../../lib/runtime/clock.js';
import { withDeadline } from '../../../lib/runtime/deadline.js';
import { RawServer } from '../../support/raw/server.js';

const TRIGGERS = 20_000;
const CONNECTIONS = 8;
const SHUTDOWN_MS = 4000;

let server: RawServer;

afterEach(() => server.stop());

/** How many triggers ended with each code. */
async function countCodes(triggers: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const outcome of await Promise.allSettled(triggers)) {
    const code =
      outcome.status === 'fulfilled' ? 'sent' : (outcome.reason as { code: string }).code;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

describe('an application that shuts down while its server does not respond', () => {
  it('ends in time, with many triggers waiting, and says how many were never sent', async () => {
    server = await RawServer.start(() => undefined);
    const errors: unknown[] = [];
    const ignored = (): void => undefined;
    const logger = {
      log: ignored,
      warn: ignored,
      error: (message: unknown) => errors.push(message),
    };
    const app = await NestFactory.createApplicationContext(
      PusherModule.forRoot({
        appId: '3',
        key: 'key',
        secret: 'secret',
        host: '127.0.0.1',
        port: server.port,
        useTLS: false,
        timeoutMs: 60_000,
        retry: { deadlineMs: 60_000 },
        http: { maxConnections: CONNECTIONS },
        shutdownTimeoutMs: SHUTDOWN_MS,
      }),
      { logger },
    );
    const pusher = app.get<PusherService>(PusherService);
    const triggers = Array.from({ length: TRIGGERS }, (_, at) => pusher.trigger('room', 'e', at));
    const codes = countCodes(triggers);
    await withDeadline(app.close(), { timeoutMs: SHUTDOWN_MS * 1.1, clock: new SystemClock() });
    expect(await codes).toEqual({
      PUSHER_NOT_SENT: TRIGGERS - CONNECTIONS,
      PUSHER_CONNECTION_FAILED: CONNECTIONS,
    });
    expect(errors).toEqual([
      `Shut down after ${SHUTDOWN_MS} ms with ${TRIGGERS - CONNECTIONS} events not sent and ${CONNECTIONS} requests without a response. Raise shutdownTimeoutMs to give them more time.`,
    ]);
  });
});
