import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ApiError } from '../../../../../lib/testing/server/api/response.js';
import { verifySignature } from '../../../../../lib/testing/server/api/verify-signature.js';

interface Vector {
  id: string;
  method: string;
  path: string;
  body: string | null;
  key: string;
  secret: string;
  query_string: string;
  query_string_encoded?: string;
  timestamp?: number;
  server_time?: number;
  expect_status?: number;
  pusher_signature_message?: string | null;
}

const { vectors, server_must_accept, server_must_reject } = JSON.parse(
  readFileSync('test/vectors/signing.json', 'utf8'),
) as Record<'vectors' | 'server_must_accept' | 'server_must_reject', Vector[]>;

function check(vector: Vector): void {
  const { method, path, body, key, secret } = vector;
  const query = new URLSearchParams(vector.query_string_encoded ?? vector.query_string);
  const seconds = vector.server_time ?? vector.timestamp ?? 0;
  const secretOf = (given: string) => (given === key ? secret : undefined);
  verifySignature({ method, path, query, body: Buffer.from(body ?? '') }, secretOf, seconds * 1000);
}

function errorFor(vector: Vector): ApiError | undefined {
  try {
    check(vector);
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

describe('verifySignature', () => {
  it.each([...vectors, ...server_must_accept])('accepts $id', (vector) => {
    expect(errorFor(vector)).toBeUndefined();
  });

  it.each(server_must_reject)('refuses $id', (vector) => {
    const error = errorFor(vector);
    expect(error?.status).toBe(vector.expect_status);
    expect(error?.message).toBe(vector.pusher_signature_message ?? 'Invalid body_md5');
  });

  const [example] = vectors;
  it.each([
    ['an unknown key', { key: 'another' }, 'Unknown auth_key'],
    [
      'no timestamp',
      { query_string_encoded: 'auth_key=278d425bdf160c739803&auth_version=1.0' },
      'Timestamp required',
    ],
    [
      'a timestamp that is not a number',
      {
        query_string_encoded: 'auth_key=278d425bdf160c739803&auth_version=1.0&auth_timestamp=soon',
        timestamp: 1_353_088_179,
      },
      'Timestamp expired: Given timestamp (1970-01-01T00:00:00Z) not within 600s of server time (2012-11-16T17:49:39Z)',
    ],
  ])('refuses %s', (_what, change, message) => {
    expect(errorFor({ ...(example as Vector), ...change })?.message).toBe(message);
  });

  it('shows no secret in any error', () => {
    for (const vector of server_must_reject)
      expect(errorFor(vector)?.message).not.toContain(vector.secret);
  });
});
