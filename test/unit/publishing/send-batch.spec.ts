import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DirectPublisher } from '../../../lib/publishing/direct-publisher.js';
import { GatheredEvent } from '../../../lib/publishing/job.js';
import { sendGathered } from '../../../lib/publishing/send-batch.js';
import { PusherRequestError } from '../../../lib/errors/pusher-request.error.js';
import { Api, type ApiRequest } from '../../../lib/http/api.js';
import { refusal } from '../../support/http/held-api.js';

interface Body {
  name: string;
  batch?: { name: string }[];
}

/** Refuses, with the status, what holds one of the bad events; tells each event how often it was asked. */
class PickyApi extends Api {
  readonly accepted: string[] = [];
  requests = 0;

  constructor(
    private readonly bad: ReadonlySet<string>,
    private readonly status = 400,
  ) {
    super();
  }

  async request(request: ApiRequest): Promise<unknown> {
    this.requests += 1;
    const body = JSON.parse(request.body ?? '') as Body;
    const names = (body.batch ?? [body]).map(({ name }) => name);
    if (names.some((name) => this.bad.has(name))) throw refusal(this.status, request);
    this.accepted.push(...names);
    if (body.batch === undefined) return { channels: { c: { user_count: Number(body.name) } } };
    return { batch: names.map((name) => ({ user_count: Number(name) })) };
  }

  async settled(): Promise<void> {}
}

/** Sends the events and gives what each caller got. */
async function outcomes(names: readonly string[], api: Api): Promise<unknown[]> {
  const told: unknown[] = [];
  const events = names.map((name, at) => {
    const caller = {
      resolve: (answer: unknown) => (told[at] = answer),
      reject: (error: unknown) => (told[at] = error),
    };
    const event = { name, data: '{}', channels: ['c'], info: 'user_count' };
    return new GatheredEvent(event, 'c', caller);
  });
  await sendGathered(events, new DirectPublisher({ api }));
  return told;
}

describe('sendGathered', () => {
  it('sends one as an event, several as a batch, none not at all', async () => {
    const api = new PickyApi(new Set());
    expect(await outcomes([], api)).toEqual([]);
    expect(await outcomes(['7'], api)).toEqual([{ c: { userCount: 7 } }]);
    expect(await outcomes(['8', '9'], api)).toEqual([
      { c: { userCount: 8 } },
      { c: { userCount: 9 } },
    ]);
    expect(api.requests).toBe(2);
  });

  it.each([400, 413, 422])('takes a batch apart that is refused with %i', async (status) => {
    const api = new PickyApi(new Set(['3']), status);
    const told = await outcomes(['1', '2', '3', '4', '5'], api);
    expect(api.accepted).toEqual(['1', '2', '4', '5']);
    expect(told.map((outcome) => outcome instanceof PusherRequestError)).toEqual([
      false,
      false,
      true,
      false,
      false,
    ]);
    expect(told[2]).toMatchObject({ status, path: '/events' });
  });

  it.each([401, 403, 404, 429, 500, 503])('does not when it is refused with %i', async (status) => {
    const api = new PickyApi(new Set(['3']), status);
    const told = await outcomes(['1', '2', '3'], api);
    expect(api.requests).toBe(1);
    expect(told).toMatchObject([{ status }, { status }, { status }]);
    expect(new Set(told).size).toBe(3);
  });

  it('does not for an answer that is no answer', async () => {
    const { method, path } = { method: 'POST', path: '/batch_events' };
    const told = { method, path, status: 400, body: '', attempts: 1, retryable: false };
    const fault = new PusherRequestError('PUSHER_BAD_RESPONSE', told, '');
    const requests: unknown[] = [];
    class BadApi extends PickyApi {
      override async request(request: ApiRequest): Promise<unknown> {
        requests.push(request);
        throw fault;
      }
    }
    expect(await outcomes(['1', '2'], new BadApi(new Set()))).toEqual([fault, fault]);
    expect(requests).toHaveLength(1);
  });

  it('fails exactly the bad ones, accepts the others once and in order', async () => {
    const events = fc.uniqueArray(fc.nat(99).map(String), { maxLength: 12 });
    const property = fc.asyncProperty(events, fc.func(fc.boolean()), async (names, isBad) => {
      const bad = new Set(names.filter((name) => isBad(name)));
      const api = new PickyApi(bad);
      const told = await outcomes(names, api);
      expect(api.accepted).toEqual(names.filter((name) => !bad.has(name)));
      for (const [at, name] of names.entries())
        expect(told[at] instanceof PusherRequestError ? 'refused' : told[at]).toEqual(
          bad.has(name) ? 'refused' : { c: { userCount: Number(name) } },
        );
      expect(api.requests).toBeLessThan(Math.max(names.length * 2, 1));
    });
    await expect(fc.assert(property)).resolves.toBeUndefined();
  });
});
