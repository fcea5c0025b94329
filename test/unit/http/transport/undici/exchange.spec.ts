import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Exchange } from '../../../../../lib/http/transport/undici/exchange.js';
import type { HttpResponse } from '../../../../../lib/http/transport/http-transport.js';
import type { TransportFailure } from '../../../../../lib/http/transport/http-transport.js';
import { SystemClock } from '../../../../../lib/runtime/clock.js';

/** Stands for the connection, and records why it was aborted. */
class Connection {
  readonly aborts: Error[] = [];
  readonly aborted = false;
  readonly paused = false;
  readonly reason = null;

  pause(): void {}

  resume(): void {}

  abort(reason: Error): void {
    this.aborts.push(reason);
  }
}

function make(timeoutMs = 60_000): {
  exchange: Exchange;
  connection: Connection;
  result: Promise<HttpResponse | TransportFailure>;
  released: () => number;
} {
  let released = 0;
  let exchange: Exchange | undefined;
  const result = new Promise<HttpResponse | TransportFailure>((resolve) => {
    exchange = new Exchange(
      {
        request: { path: '/', method: 'POST' },
        clock: new SystemClock(),
        onReleased: () => (released += 1),
        resolve,
        reject: resolve,
      },
      timeoutMs,
    );
  });
  if (exchange === undefined) throw new Error('a promise calls its executor at once');
  return { exchange, connection: new Connection(), result, released: () => released };
}

function failure(code: string, syscall?: string): Error {
  return Object.assign(new Error(`it was ${code}`), { code, syscall });
}

describe('Exchange', () => {
  it.each<[string, boolean, Error, object]>([
    ['before it was sent', false, failure('ECONNRESET', 'read'), { maybeAccepted: false }],
    ['while it was written', true, failure('EPIPE', 'write'), { maybeAccepted: false }],
    ['after it was written', true, failure('ECONNRESET', 'read'), { maybeAccepted: true }],
    ['by a closed pool', false, failure('UND_ERR_DESTROYED'), { code: 'PUSHER_NOT_SENT' }],
    [
      'by a pool that closed meanwhile',
      true,
      failure('UND_ERR_DESTROYED'),
      { maybeAccepted: true },
    ],
    ['for a bad header', false, failure('UND_ERR_INVALID_ARG'), { code: 'PUSHER_NOT_SENT' }],
  ])(
    'that fails %s knows what the server can have received',
    async (_when, started, error, expected) => {
      const { exchange, connection, result, released } = make();
      if (started) exchange.onRequestStart(connection);
      exchange.onResponseError(connection, error);
      expect(await result).toMatchObject(expected);
      // Not in the same turn, or those who time out with it would still be sent.
      expect(released()).toBe(0);
      await turn();
      expect(released()).toBe(1);
    },
  );

  it('that is over before it is sent is never sent', async () => {
    const { exchange, connection, result } = make(1);
    expect(await result).toMatchObject({ code: 'PUSHER_TIMEOUT', maybeAccepted: false });
    exchange.onRequestStart(connection);
    expect(connection.aborts).toHaveLength(1);
  });

  it('that is over while the response arrives aborts the connection', async () => {
    const { exchange, connection, result } = make(1);
    exchange.onRequestStart(connection);
    exchange.onResponseStart(connection, 200, {});
    expect(await result).toMatchObject({
      maybeAccepted: true,
      message: expect.stringContaining('the response had begun'),
    });
    expect(connection.aborts).toHaveLength(1);
  });

  it('tolerates sixteen interim responses', async () => {
    const { exchange, connection, result } = make();
    exchange.onRequestStart(connection);
    for (let at = 0; at < 16; at += 1) exchange.onResponseStart(connection, 103, {});
    exchange.onResponseStart(connection, 200, {});
    exchange.onResponseEnd();
    expect(await result).toEqual({ status: 200, headers: {}, body: '' });
    expect(connection.aborts).toEqual([]);
  });

  it('fails at the seventeenth interim response', async () => {
    const { exchange, connection, result } = make();
    exchange.onRequestStart(connection);
    for (let at = 0; at < 17; at += 1) exchange.onResponseStart(connection, 103, {});
    expect(await result).toMatchObject({ code: 'PUSHER_CONNECTION_FAILED', maybeAccepted: true });
    expect(connection.aborts).toHaveLength(1);
  });

  it('resolves once, whatever comes after', async () => {
    const { exchange, connection, result, released } = make();
    exchange.onRequestStart(connection);
    exchange.onResponseStart(connection, 200, {});
    exchange.onResponseData(connection, Buffer.from('{}'));
    exchange.onResponseEnd();
    exchange.expire();
    exchange.cancel('too late');
    expect(await result).toEqual({ status: 200, headers: {}, body: '{}' });
    expect(connection.aborts).toEqual([]);
    expect(released()).toBe(1);
  });
});
