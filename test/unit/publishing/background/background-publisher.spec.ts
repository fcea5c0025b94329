import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { PusherConnectionError } from '../../../../lib/errors/pusher-connection.error.js';
import type {
  BackgroundPorts,
  BackgroundPublisher,
} from '../../../../lib/publishing/background/background-publisher.js';
import { DirectPublisher } from '../../../../lib/publishing/direct-publisher.js';
import { ManualClock } from '../../../../lib/testing/manual-clock.js';
import { HeldApi } from '../../../support/http/held-api.js';
import { backgroundOver } from '../../../support/publishing/background.js';

const EVENT = { name: 'paid', channels: ['orders'], data: '{}' };

function setUp(ports: Partial<BackgroundPorts> = {}) {
  const api = new HeldApi();
  const clock = new ManualClock();
  const lines: string[] = [];
  const logger = {
    isDebugEnabled: () => true,
    debug: (message: string) => lines.push(`debug: ${message}`),
    warn: (message: string) => lines.push(`warn: ${message}`),
  };
  const publisher = new DirectPublisher({ api });
  const background = backgroundOver(publisher, { clock, logger, ...ports });
  return { api, clock, lines, background };
}

function failure(message: string, code: 'PUSHER_TIMEOUT' | 'PUSHER_NOT_SENT' = 'PUSHER_TIMEOUT') {
  const request = { method: 'POST', path: '/events', attempts: 1 };
  return new PusherConnectionError(code, message, request, true);
}

describe('a background publisher', () => {
  it('warns of failures of one kind once a minute, with their number, and logs each for debugging', async () => {
    const { api, clock, lines, background } = setUp();
    const fail = async (error: Error): Promise<void> => {
      background.emit(EVENT);
      await api.at(api.requests.length - 1).fail(error);
      await turn();
    };
    for (const message of ['one', 'two', 'three']) await fail(failure(message));
    await fail(failure('other', 'PUSHER_NOT_SENT'));
    await clock.advance(60_000);
    await fail(failure('four'));
    const said = (message: string) => `The event paid on orders was not delivered: ${message}`;
    expect(lines).toEqual([
      `debug: ${said('one')}`,
      `warn: ${said('one')}`,
      `debug: ${said('two')}`,
      `debug: ${said('three')}`,
      `debug: ${said('other')}`,
      `warn: ${said('other')}`,
      `debug: ${said('four')}`,
      `warn: ${said('four')} 2 more had failed in the same way since the last warning.`,
    ]);
  });

  it('makes no message for a log that is off and a warning that is not due', async () => {
    const lines: string[] = [];
    const write = (message: string) => lines.push(message);
    const logger = { isDebugEnabled: () => false, debug: write, warn: write };
    const { api, background } = setUp({ logger });
    const read = new Set<number>();
    for (let n = 0; n < 3; n += 1) {
      const error = failure('no');
      Object.defineProperty(error, 'message', { get: () => (read.add(n), 'no') });
      background.emit(EVENT);
      await api.at(n).fail(error);
      await turn();
    }
    expect([lines.length, [...read]]).toEqual([1, [0]]);
  });

  it('hands failures to onFailure', async () => {
    const failures: unknown[] = [];
    const { api, background } = setUp({ onFailure: (one) => failures.push(one) });
    background.emit(EVENT);
    const error = failure('no');
    await api.at(0).fail(error);
    await turn();
    expect(failures).toEqual([{ app: 'default', event: 'paid', channels: ['orders'], error }]);
  });

  describe('whose onFailure emits, which fails at once', () => {
    /** Calls back for each failure; everything that is published fails at once. */
    function failing(onFailure: () => void): BackgroundPublisher {
      const fail = (): Promise<never> => Promise.reject(failure('full', 'PUSHER_NOT_SENT'));
      const publisher = { publish: fail, publishBatch: fail, flush: () => Promise.resolve() };
      return backgroundOver(publisher, { onFailure });
    }

    it('lets the event loop turn between the failures', async () => {
      let failures = 0;
      const background = failing(() => {
        failures += 1;
        if (failures < 100) background.emit(EVENT);
      });
      background.emit(EVENT);
      await turn();
      expect(failures).toBeLessThan(5);
    });

    it('does not call it for them while the application shuts down', async () => {
      const failed: number[] = [];
      const background = failing(() => {
        background.emit(EVENT);
        failed.push(failed.length);
      });
      background.close();
      background.emit(EVENT);
      for (let count = 0; count < 5; count += 1) await turn();
      expect(failed).toEqual([0]);
    });
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
  ])('logs what an onFailure that %s', async (_how, onFailure) => {
    const { api, lines, background } = setUp({ onFailure });
    background.emit(EVENT);
    await api.at(0).fail(failure('no'));
    await turn();
    expect(lines.at(-1)).toBe('warn: onFailure failed: broken');
  });
});
