import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import {
  Exchange,
  type ExchangeConnection,
  type ExchangeOwner,
} from '../../../../../lib/http/transport/undici/exchange.js';
import type {
  HttpResponse,
  TransportFailure,
} from '../../../../../lib/http/transport/http-transport.js';
import { ManualClock } from '../../../../../lib/testing/manual-clock.js';

const LIMITS = { timeoutMs: 1000, deadlineMs: 3000 };

/** A connection that counts what is done with it, and what controls one request on it. */
class Connection implements ExchangeConnection {
  sent = 0;
  destroyed = 0;
  aborted = false;
  readonly paused = false;
  readonly reason = null;

  send(): void {
    this.sent += 1;
  }

  async destroy(): Promise<void> {
    this.destroyed += 1;
  }

  pause(): void {}

  resume(): void {}

  abort(): void {
    this.aborted = true;
  }
}

/** Has the connections, and records what it is notified of. */
class Owner implements ExchangeOwner<Connection> {
  readonly log: string[] = [];
  readonly stale = new Set<Connection>();

  isStale(connection: Connection): boolean {
    return this.stale.has(connection);
  }

  onStale(): void {
    this.log.push('stale');
  }

  onSending(): void {}

  onEnded(): void {
    this.log.push('ended');
  }

  onFailed(): void {
    this.log.push('failed');
  }
}

interface Setup {
  exchange: Exchange<Connection>;
  connection: Connection;
  owner: Owner;
  clock: ManualClock;
  result: Promise<HttpResponse | TransportFailure>;
}

function make(): Setup {
  const [owner, clock] = [new Owner(), new ManualClock()];
  let exchange: Exchange<Connection> | undefined;
  const result = new Promise<HttpResponse | TransportFailure>((resolve) => {
    const request = { path: '/', method: 'POST' } as const;
    exchange = new Exchange({
      request,
      limits: LIMITS,
      clock,
      owner,
      resolve,
      reject: resolve,
    });
  });
  if (exchange === undefined) throw new Error('a promise calls its executor at once');
  return { exchange, connection: new Connection(), owner, clock, result };
}

/** An exchange whose request is being sent. */
function makeSent(): Setup {
  const setup = make();
  setup.exchange.begin(setup.connection);
  setup.exchange.onRequestStart(setup.connection);
  return setup;
}

function failure(code: string, syscall?: string): Error {
  return Object.assign(new Error(`it was ${code}`), { code, syscall });
}

/** Says nothing of undici. */
const CLOSED = { message: 'the connections are closed' };

describe('Exchange', () => {
  it.each<[string, boolean, Error, object]>([
    ['before it was sent', false, failure('ECONNRESET', 'read'), { maybeAccepted: false }],
    ['while it was written', true, failure('EPIPE', 'write'), { maybeAccepted: false }],
    ['after it was written', true, failure('ECONNRESET', 'read'), { maybeAccepted: true }],
    [
      'by a closed pool',
      false,
      failure('UND_ERR_DESTROYED'),
      { code: 'PUSHER_NOT_SENT', ...CLOSED },
    ],
    [
      'by a pool that closed meanwhile',
      true,
      failure('UND_ERR_DESTROYED'),
      { maybeAccepted: true, ...CLOSED },
    ],
    ['for a bad header', false, failure('UND_ERR_INVALID_ARG'), { code: 'PUSHER_NOT_SENT' }],
  ])(
    'that fails %s knows what the server can have received',
    async (_when, started, error, expected) => {
      const { exchange, connection, owner, result } = make();
      exchange.begin(connection);
      if (started) exchange.onRequestStart(connection);
      exchange.onResponseError(connection, error);
      expect(await result).toMatchObject(expected);
      // Not in the same turn, or those who time out with it would still be sent.
      expect(owner.log).toEqual([]);
      await turn();
      expect(owner.log).toEqual(['failed']);
    },
  );

  it('that is over before it is sent is never sent', async () => {
    const { exchange, connection, clock, result } = make();
    exchange.begin(connection);
    await clock.advance(1000);
    expect(await result).toMatchObject({
      code: 'PUSHER_TIMEOUT',
      maybeAccepted: false,
      message: 'no complete response within 1000 ms (no connection could be made)',
    });
    expect(connection.destroyed).toBe(1);
    exchange.onRequestStart(connection);
    expect(connection.aborted).toBe(true);
  });

  it('that is over while the response arrives closes the connection', async () => {
    const { exchange, connection, clock, result } = makeSent();
    exchange.onResponseStart(connection, 200, {});
    await clock.advance(1000);
    expect(await result).toMatchObject({
      maybeAccepted: true,
      message: expect.stringContaining('the response had begun'),
    });
    expect(connection.destroyed).toBe(1);
  });

  it('that waits for a connection has all its time when it gets one', async () => {
    const { exchange, connection, clock, result } = make();
    exchange.wait('all were busy');
    await clock.advance(1500);
    exchange.begin(connection);
    exchange.onRequestStart(connection);
    await clock.advance(999);
    expect(exchange.isSettled).toBe(false);
    await clock.advance(1);
    expect(await result).toMatchObject({ code: 'PUSHER_TIMEOUT', maybeAccepted: true });
  });

  it('that waits for a connection ends at its deadline, unsent', async () => {
    const { exchange, clock, result } = make();
    exchange.wait('all were busy');
    await clock.advance(2999);
    expect(exchange.isSettled).toBe(false);
    await clock.advance(1);
    const expected = { code: 'PUSHER_NOT_SENT', maybeAccepted: false, message: 'all were busy' };
    expect(await result).toMatchObject(expected);
  });

  it('that gets a connection shortly before its deadline ends at the deadline', async () => {
    const { exchange, connection, clock, result } = make();
    exchange.wait('all were busy');
    await clock.advance(2500);
    exchange.begin(connection);
    await clock.advance(499);
    expect(exchange.isSettled).toBe(false);
    await clock.advance(1);
    const message = expect.stringContaining('within 500 ms');
    expect(await result).toMatchObject({ code: 'PUSHER_TIMEOUT', message });
    expect(clock.sleeping).toBe(0);
  });

  it('that waits for a connection remembers the async context of its caller', () => {
    const caller = new AsyncLocalStorage<string>();
    const { exchange } = make();
    caller.run('ada', () => exchange.wait('all were busy'));
    let seen: string | undefined;
    caller.run('grace', () => exchange.inContext(() => (seen = caller.getStore())));
    expect(seen).toBe('ada');
  });

  it('is not written to a connection that has become stale, and may get another one', async () => {
    const { exchange, connection, owner, clock, result } = make();
    owner.stale.add(connection);
    exchange.begin(connection);
    await clock.advance(400);
    exchange.onRequestStart(connection);
    expect(connection.aborted).toBe(true);
    exchange.onResponseError(connection, failure('UND_ERR_ABORTED'));
    expect(owner.log).toEqual(['stale']);
    const fresh = new Connection();
    exchange.begin(fresh);
    exchange.onRequestStart(fresh);
    expect(fresh).toMatchObject({ sent: 1, aborted: false });
    await clock.advance(600);
    expect(await result).toMatchObject({ code: 'PUSHER_TIMEOUT', maybeAccepted: true });
  });

  it('tolerates sixteen interim responses', async () => {
    const { exchange, connection, result } = makeSent();
    for (let at = 0; at < 16; at += 1) exchange.onResponseStart(connection, 103, {});
    exchange.onResponseStart(connection, 200, {});
    exchange.onResponseEnd();
    expect(await result).toEqual({ status: 200, headers: {}, body: '' });
    expect(connection.destroyed).toBe(0);
  });

  it('fails at the seventeenth interim response', async () => {
    const { exchange, connection, result } = makeSent();
    for (let at = 0; at < 17; at += 1) exchange.onResponseStart(connection, 103, {});
    expect(await result).toMatchObject({ code: 'PUSHER_CONNECTION_FAILED', maybeAccepted: true });
    expect(connection.destroyed).toBe(1);
  });

  it('resolves once, whatever comes after', async () => {
    const { exchange, connection, owner, clock, result } = makeSent();
    exchange.onResponseStart(connection, 200, {});
    exchange.onResponseData(connection, Buffer.from('{}'));
    exchange.onResponseEnd();
    exchange.expire();
    exchange.cancel('too late');
    expect(await result).toEqual({ status: 200, headers: {}, body: '{}' });
    expect(connection.destroyed).toBe(0);
    expect(owner.log).toEqual(['ended']);
    expect(clock.sleeping).toBe(0);
  });
});
