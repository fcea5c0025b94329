import { describe, expect, it } from '@jest/globals';
import { PusherValidationError } from '../../../lib/errors/pusher-validation.error.js';
import {
  type QueryStringRequest,
  signedQueryString,
} from '../../../lib/queries/signed-query-string.js';
import { Secret } from '../../../lib/runtime/secret.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';

/** The worked authentication example of the HTTP API reference. */
const EXAMPLE = {
  credentials: { key: '278d425bdf160c739803', secret: new Secret('7ad3773142a6692b25b8') },
  timestamp: 1_353_088_179,
  body: '{"name":"foo","channels":["project-3"],"data":"{\\"some\\":\\"data\\"}"}',
  query:
    'auth_key=278d425bdf160c739803&auth_timestamp=1353088179&auth_version=1.0&body_md5=ec365a775a4cd0599faeb73354201b6f&auth_signature=da454824c97ba181a32ccc17a72625ba02771f50b50e1e7430e47a1f3f457e6c',
};

function sign(request: Partial<QueryStringRequest>, nowMs = 0): string {
  const complete: QueryStringRequest = { method: 'POST', path: '/apps/3/events', ...request };
  return signedQueryString(complete, EXAMPLE.credentials, new ManualClock(nowMs));
}

describe('signedQueryString', () => {
  const { body, timestamp, query } = EXAMPLE;

  it('has the signature of the documented example', () => {
    expect(sign({ body, timestamp })).toBe(query);
  });

  it('takes a body of bytes', () => {
    expect(sign({ body: Buffer.from(body), timestamp })).toBe(query);
  });

  it('takes the time from the clock when there is no timestamp', () => {
    expect(sign({ body }, timestamp * 1000 + 999)).toBe(query);
  });

  it('has no digest of an empty body', () => {
    expect(sign({ body: '' })).toBe(sign({}));
    expect(sign({})).not.toContain('body_md5');
  });

  it('includes the values of the query as strings, except undefined', () => {
    expect(sign({ query: { b: 2, a: 'x y', c: undefined, d: false } })).toMatch(
      /^a=x%20y&auth_key=.*&b=2&d=false&auth_signature=[0-9a-f]{64}$/,
    );
  });

  it.each([
    ['another method', { method: 'PUT' as never }, 'method'],
    ['a path without a slash', { path: 'apps/3/events' }, 'path'],
    ['a missing path', { path: undefined as never }, 'path'],
    ['a list as a value', { query: { info: ['a'] as never } }, 'query.info'],
    ['a parameter of the signature', { query: { auth_key: 'k' } }, 'query.auth_key'],
  ])('rejects %s', (_what, request, argument) => {
    expect(() => sign(request)).toThrow(PusherValidationError);
    expect(() => sign(request)).toThrow(expect.objectContaining({ argument }));
  });

  it.each([[null], [undefined], ['GET']])('rejects %p for the request', (request) => {
    const { credentials } = EXAMPLE;
    expect(() => signedQueryString(request as never, credentials, new ManualClock(0))).toThrow(
      expect.objectContaining({ argument: 'request' }),
    );
  });
});
