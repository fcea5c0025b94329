import { beforeEach, describe, expect, it } from '@jest/globals';
import { PusherConnectionError } from '../../../lib/errors/pusher-connection.error.js';
import { PusherRequestError } from '../../../lib/errors/pusher-request.error.js';
import { PusherValidationError } from '../../../lib/errors/pusher-validation.error.js';
import type { Api, ApiRequest } from '../../../lib/http/api.js';

/** An implementation, on a server where the channel `room` is occupied. */
export interface ApiFixture {
  readonly api: Api;
  /** The server rejects the next request. */
  rejectNext(): void;
  /** There is no response to the next request. */
  loseNext(): void;
}

const QUERY: ApiRequest = { method: 'GET', path: '/channels', idempotent: true };
const TRIGGER: ApiRequest = { method: 'POST', path: '/events', body: '{}', idempotent: false };

/** What every Api has to do. */
export function apiContract(name: string, make: () => ApiFixture): void {
  describe(`${name} as Api`, () => {
    let fixture: ApiFixture;
    let api: Api;

    beforeEach(() => {
      fixture = make();
      ({ api } = fixture);
    });

    it('resolves a query with the JSON of the response', async () => {
      expect(await api.request(QUERY)).toEqual({ channels: { room: expect.any(Object) } });
    });

    it('resolves a trigger with an object', async () => {
      expect(await api.request(TRIGGER)).toEqual(expect.any(Object));
    });

    it('does not change the request', async () => {
      const query = Object.freeze({ filter_by_prefix: 'room' });
      await api.request(Object.freeze({ ...QUERY, query }));
      await api.request(Object.freeze({ ...TRIGGER }));
    });

    it('rejects with a PusherRequestError when the server rejects the request', async () => {
      fixture.rejectNext();
      const failure = api.request(TRIGGER);
      await expect(failure).rejects.toBeInstanceOf(PusherRequestError);
      await expect(failure).rejects.toMatchObject({ code: 'PUSHER_REQUEST_REJECTED' });
    });

    it('rejects with a PusherConnectionError when there is no response', async () => {
      fixture.loseNext();
      const failure = api.request(TRIGGER);
      await expect(failure).rejects.toBeInstanceOf(PusherConnectionError);
      await expect(failure).rejects.toMatchObject({ code: 'PUSHER_CONNECTION_FAILED' });
    });

    it('keeps working after a request that failed', async () => {
      fixture.rejectNext();
      await expect(api.request(TRIGGER)).rejects.toBeInstanceOf(PusherRequestError);
      expect(await api.request(QUERY)).toHaveProperty('channels');
    });

    it.each<[string, Partial<ApiRequest>]>([
      ['a path that does not begin with a slash', { path: 'channels' }],
      ['a path with a query', { path: '/channels?info=user_count' }],
      ['a parameter of the signature', { query: { auth_key: 'x' } }],
      ['a parameter twice', { query: { info: 'a', INFO: 'b' } }],
      ['half of a surrogate pair', { query: { info: '\ud800' } }],
    ])('rejects %s with a PusherValidationError', async (_what, bad) => {
      // A synchronous exception would fail the test here already.
      const failure = api.request({ ...QUERY, ...bad });
      await expect(failure).rejects.toBeInstanceOf(PusherValidationError);
    });

    it('knows no difference of the clocks at first', () => {
      expect(api.clockOffsetMs).toBe(0);
    });

    describe('settled', () => {
      it('resolves when there was no request', async () => {
        await expect(api.settled()).resolves.toBeUndefined();
      });

      it('resolves once all requests made before have succeeded or failed', async () => {
        fixture.rejectNext();
        const ended: string[] = [];
        void api.request(TRIGGER).catch(() => ended.push('failure'));
        void api.request(QUERY).then(() => ended.push('success'));
        await api.settled();
        expect(ended.toSorted()).toEqual(['failure', 'success']);
      });
    });
  });
}
