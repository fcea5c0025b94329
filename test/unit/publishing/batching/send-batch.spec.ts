import { inspect, types } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { PusherConnectionError } from '../../../../lib/errors/pusher-connection.error.js';
import { PusherRequestError } from '../../../../lib/errors/pusher-request.error.js';
import { Api, type ApiRequest } from '../../../../lib/http/api.js';
import { DirectPublisher } from '../../../../lib/publishing/direct-publisher.js';
import { QueuedBatch, QueuedEvent } from '../../../../lib/publishing/batching/queued-call.js';
import { copyOfError, sendCalls } from '../../../../lib/publishing/batching/send-batch.js';
import { InFlight } from '../../../../lib/runtime/in-flight.js';
import { ManualClock } from '../../../../lib/testing/manual-clock.js';
import { rejection } from '../../../support/http/held-api.js';

interface Body {
  name: string;
  batch?: { name: string }[];
}

/** Rejects, with the status, every request that has an invalid event; returns each event's own number. */
class PickyApi extends Api {
  readonly accepted: string[] = [];
  requests = 0;

  constructor(
    private readonly invalid: ReadonlySet<string>,
    private readonly status = 400,
  ) {
    super();
  }

  async request(request: ApiRequest): Promise<unknown> {
    this.requests += 1;
    const body = JSON.parse(request.body ?? '') as Body;
    const names = (body.batch ?? [body]).map(({ name }) => name);
    if (names.some((name) => this.invalid.has(name))) throw rejection(this.status, request);
    this.accepted.push(...names);
    if (body.batch === undefined) return { channels: { c: { user_count: Number(body.name) } } };
    return { batch: names.map((name) => ({ user_count: Number(name) })) };
  }

  async settled(): Promise<void> {}
}

function partsOver(api: Api) {
  return { direct: new DirectPublisher({ api }), clock: new ManualClock(0), maxCallMs: 10_000 };
}

/** Sends the events, and returns the result or the error of each caller. */
async function outcomesOf(names: readonly string[], api: Api): Promise<unknown[]> {
  const inFlight = new InFlight();
  const calls = names.map((name) => {
    const event = { name, data: '{}', channels: ['c'], info: 'user_count' };
    return new QueuedEvent(event, 0, inFlight.enter());
  });
  const outcomes = Promise.all(calls.map(({ result }) => result.catch((error: unknown) => error)));
  await sendCalls(calls, partsOver(api));
  expect(inFlight.count).toBe(0);
  return outcomes;
}

describe('sendCalls', () => {
  it('sends one event as an event, several as a batch, and nothing for none', async () => {
    const api = new PickyApi(new Set());
    expect(await outcomesOf([], api)).toEqual([]);
    expect(await outcomesOf(['7'], api)).toEqual([{ c: { userCount: 7 } }]);
    expect(await outcomesOf(['8', '9'], api)).toEqual([
      { c: { userCount: 8 } },
      { c: { userCount: 9 } },
    ]);
    expect(api.requests).toBe(2);
  });

  it('sends a batch of the caller as it is, and rejects all of it together', async () => {
    const events = ['1', '2'].map((name) => ({ channel: 'c', name, data: '' }));
    const send = (api: Api) => {
      const batch = new QueuedBatch(events, 0, new InFlight().enter(2));
      void sendCalls([batch], partsOver(api));
      return batch.result;
    };
    const [api, picky] = [new PickyApi(new Set()), new PickyApi(new Set(['2']))];
    expect(await send(api)).toEqual([{ userCount: 1 }, { userCount: 2 }]);
    await expect(send(picky)).rejects.toMatchObject({ status: 400, path: '/batch_events' });
    expect([api.requests, picky.requests]).toEqual([1, 1]);
  });

  it.each([400, 413, 422])('splits a batch that is rejected with %i', async (status) => {
    const api = new PickyApi(new Set(['3']), status);
    const outcomes = await outcomesOf(['1', '2', '3', '4', '5'], api);
    expect(api.accepted).toEqual(['1', '2', '4', '5']);
    expect(outcomes.map((outcome) => outcome instanceof PusherRequestError)).toEqual([
      false,
      false,
      true,
      false,
      false,
    ]);
    expect(outcomes[2]).toMatchObject({ status, path: '/events' });
  });

  it.each([401, 403, 404, 429, 500, 503])(
    'does not split a batch that is rejected with %i, and rejects each caller with an error of its own',
    async (status) => {
      const api = new PickyApi(new Set(['3']), status);
      const outcomes = await outcomesOf(['1', '2', '3'], api);
      expect(api.requests).toBe(1);
      expect(outcomes).toMatchObject([{ status }, { status }, { status }]);
      expect(new Set(outcomes).size).toBe(3);
    },
  );

  it('does not split a batch whose response is not a proper one', async () => {
    const { method, path } = { method: 'POST', path: '/batch_events' };
    const exchange = {
      method,
      path,
      status: 400,
      body: '',
      attempts: 1,
      retryable: false,
      maybeAccepted: false,
    };
    const error = new PusherRequestError('PUSHER_BAD_RESPONSE', exchange, '');
    const requests: unknown[] = [];
    class BadApi extends PickyApi {
      override async request(request: ApiRequest): Promise<unknown> {
        requests.push(request);
        throw error;
      }
    }
    expect(await outcomesOf(['1', '2'], new BadApi(new Set()))).toEqual([error, error]);
    expect(requests).toHaveLength(1);
  });

  it('rejects exactly the invalid events, and has the others accepted once and in order', async () => {
    const events = fc.uniqueArray(fc.nat(99).map(String), { maxLength: 12 });
    const property = fc.asyncProperty(events, fc.func(fc.boolean()), async (names, isInvalid) => {
      const invalid = new Set(names.filter((name) => isInvalid(name)));
      const api = new PickyApi(invalid);
      const outcomes = await outcomesOf(names, api);
      expect(api.accepted).toEqual(names.filter((name) => !invalid.has(name)));
      for (const [index, name] of names.entries())
        expect(
          outcomes[index] instanceof PusherRequestError ? 'rejected' : outcomes[index],
        ).toEqual(invalid.has(name) ? 'rejected' : { c: { userCount: Number(name) } });
      expect(api.requests).toBeLessThan(Math.max(names.length * 2, 1));
    });
    await expect(fc.assert(property)).resolves.toBeUndefined();
  });
});

describe('copyOfError', () => {
  const lost = new PusherConnectionError(
    'PUSHER_TIMEOUT',
    'No response.',
    { method: 'POST', path: '/batch_events', attempts: 2 },
    true,
    new Error('socket hang up'),
  );

  it('returns the error itself when it cannot be copied', () => {
    const odd = Object.assign(new Error(), { message: Symbol('odd') });
    expect(copyOfError(odd)).toBe(odd);
  });

  it.each([
    ['a rejection', rejection(503, { method: 'POST', path: '/batch_events' }), PusherRequestError],
    ['a lost connection', lost, PusherConnectionError],
    ['a plain error', new TypeError('text'), TypeError],
  ])('copies %s with everything that it shows', (_what, error, kind) => {
    const copy = copyOfError(error);
    expect(copy).toBeInstanceOf(kind);
    expect(types.isNativeError(copy)).toBe(true);
    expect(copy).toEqual(error);
    expect(Object.entries(copy as object)).toEqual(Object.entries(error));
    expect(inspect(copy)).toBe(inspect(error));
    expect(JSON.stringify(copy)).toBe(JSON.stringify(error));
  });

  it('returns a copy whose fields do not affect the original', () => {
    const copy = copyOfError(lost) as PusherConnectionError;
    copy.accepted = 3;
    expect(lost.accepted).toBeUndefined();
  });

  it('returns what is not an error as it is', () => expect(copyOfError('text')).toBe('text'));
});
