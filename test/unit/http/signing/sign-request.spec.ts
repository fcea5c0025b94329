import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SigningKey, md5 } from '../../../../lib/crypto/signing-key.js';
import { PusherValidationError } from '../../../../lib/errors/pusher-validation.error.js';
import { checkPath, signedQuery } from '../../../../lib/http/signing/sign-request.js';
import { Secret } from '../../../../lib/runtime/secret.js';

interface Vector {
  id: string;
  method: string;
  path: string;
  params: Record<string, string>;
  body: string | null;
  timestamp: number;
  key: string;
  secret: string;
  query_string_encoded: string;
}

const { vectors } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../vectors/signing.json'), 'utf8'),
) as { vectors: Vector[] };

function sign(vector: Omit<Vector, 'id' | 'query_string_encoded'>): string {
  return signedQuery({
    method: vector.method,
    path: vector.path,
    query: vector.params,
    ...(vector.body && { bodyMd5: md5(vector.body) }),
    key: vector.key,
    signingKey: new SigningKey(new Secret(vector.secret)),
    timestamp: vector.timestamp,
  });
}

const BARE = {
  method: 'GET',
  path: '/apps/3/channels',
  body: null,
  timestamp: 1_700_000_000,
  key: 'key',
  secret: 'secret',
};

describe('signedQuery', () => {
  it.each(vectors.map((vector) => [vector.id, vector] as const))('signs %s', (_id, vector) => {
    expect(sign(vector)).toBe(vector.query_string_encoded);
  });

  it('returns the same without parameters as with an empty list of them', () => {
    const { params: _params, ...bare } = { ...BARE, params: {} };
    const key = new SigningKey(new Secret(bare.secret));
    expect(signedQuery({ ...bare, signingKey: key })).toBe(sign({ ...BARE, params: {} }));
  });

  it('signs and sends names in lower case, as the published vector of pusher-signature wants', () => {
    const query = sign({
      method: 'POST',
      path: '/some/path',
      params: { Query: 'params', GO: 'here' },
      body: null,
      timestamp: 1234,
      key: 'key',
      secret: 'secret',
    });
    expect(query).toBe(
      'auth_key=key&auth_timestamp=1234&auth_version=1.0&go=here&query=params&auth_signature=3b237953a5ba6619875cbb2a2d43e8da9ef5824e8a2c689f6284ac85bc1ea0db',
    );
  });

  it.each(['auth_key', 'auth_timestamp', 'auth_version', 'auth_signature', 'body_md5', 'Auth_Key'])(
    'rejects %s as a parameter',
    (name) => {
      expect(() => sign({ ...BARE, params: { [name]: 'x' } })).toThrow(PusherValidationError);
    },
  );

  it.each([
    ['a name in two spellings', { info: 'a', INFO: 'b' }],
    ['half a surrogate pair', { info: '\ud800' }],
    ['a value that is not a string', { info: 7 as unknown as string }],
  ])('rejects %s', (_what, params) => {
    expect(() => sign({ ...BARE, params })).toThrow(PusherValidationError);
  });
});

describe('checkPath', () => {
  it.each([
    '/channels',
    '/channels/presence-a.b/users',
    '/a%20b',
    '/',
    '/a//b',
    '/..a/.b./c..',
    '/users/a|b',
  ])('accepts %s', (path) => expect(() => checkPath(path)).not.toThrow());

  it.each([
    '',
    'channels',
    '/a?b',
    '/a#b',
    '/a b',
    '/a\\b',
    '/"',
    '/ü',
    '/a\nb',
    '/.',
    '/../x',
    '/x/..',
    7,
  ])('rejects %j', (path) =>
    expect(() => checkPath(path)).toThrow('`path` must be what follows /apps/<id>'),
  );
});
