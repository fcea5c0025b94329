import { describe, expect, it } from '@jest/globals';
import { SecretRedactor } from '../../../lib/http/secret-redactor.js';
import { TransportFailure } from '../../../lib/http/transport/http-transport.js';
import { Secret } from '../../../lib/runtime/secret.js';
import { rawOptions } from '../../support/raw/options.js';

const SECRET = 'mark:er+"se/cret';
const OLD = 'older-secret';
const MASTER = Uint8Array.from({ length: 32 }, (_, at) => 250 - at);
const SIGNATURE = 'da454824c97ba181a32ccc17a72625ba02771f50b50e1e7430e47a1f3f457e6c';

const basic = (name: string, password: string): string =>
  Buffer.from(`${name}:${password}`).toString('base64');

const redactor = new SecretRedactor(
  rawOptions({
    credentials: { key: 'key', secret: new Secret(SECRET) },
    previousCredentials: [{ key: 'old', secret: new Secret(OLD) }],
    masterKey: new Secret(MASTER),
    http: {
      proxy: new Secret('http://user:proxy%40pass@proxy.example:3128'),
      headers: new Secret({ 'X-Api-Token': 'token-1234', 'X-Colour': 'blue' }),
      axios: new Secret({
        headers: {
          common: { Authorization: 'Bearer axios-bearer' } as never,
          'X-Api-Key': 'axios-key',
          'X-Colour': 'turquoise',
        },
        params: { access_token: 'axios-param' },
        auth: { username: 'axios', password: 'axios-password' },
      }),
    },
  }),
);

describe('SecretRedactor', () => {
  it.each([
    ['the secret', SECRET],
    ['the secret, percent-encoded', encodeURIComponent(SECRET)],
    ['the secret in JSON', JSON.stringify(SECRET).slice(1, -1)],
    ['a previous secret', OLD],
    ['the master key', Buffer.from(MASTER).toString('base64')],
    ['the master key, percent-encoded', encodeURIComponent(Buffer.from(MASTER).toString('base64'))],
    ['the master key in hex', Buffer.from(MASTER).toString('hex')],
    ['the password of the proxy', 'proxy@pass'],
    ['the password of the proxy, percent-encoded', 'proxy%40pass'],
    ['a header that is a token', 'token-1234'],
    ['the credentials of the proxy in a header', basic('user', 'proxy@pass')],
    ['a header of axios', 'axios-key'],
    ['a header of axios for all methods', 'Bearer axios-bearer'],
    ['the token in it', 'axios-bearer'],
    ['a parameter of axios', 'axios-param'],
    ['a password of axios', 'axios-password'],
    ['the credentials of axios in a header', basic('axios', 'axios-password')],
    ['a signature', SIGNATURE],
    ['a signature in capitals', SIGNATURE.toUpperCase()],
  ])('removes %s', (_what, secret) => {
    expect(redactor.redact(`before ${secret} after`)).toBe('before [redacted] after');
  });

  it('removes a signature next to other hex digits', () => {
    expect(redactor.redact(`auth_signature%3D${SIGNATURE}%26`)).toBe(
      'auth_signature%[redacted]%26',
    );
  });

  it('leaves other words as they are', () => {
    const text =
      'Invalid signature: you should have sent … with your_secret_key, blue and turquoise';
    expect(redactor.redact(text)).toBe(text);
  });

  it('keeps only the beginning of a long body, and no half of a secret at its end', () => {
    for (let shift = 0; shift < 100; shift += 7) {
      const excerpt = redactor.excerpt(
        `${'x '.repeat(4500)}${'y'.repeat(shift)}${`${SIGNATURE} ${SECRET} `.repeat(200)}`,
      );
      expect(excerpt.length).toBeLessThanOrEqual(8192);
      expect(excerpt).not.toMatch(/da4548|mark:er/);
    }
  });

  it('removes secrets from the message and the cause of a failure, and keeps the rest', () => {
    const cause = Object.assign(new Error(`sent ${SECRET}`), { code: 'EX', secret: SECRET });
    const failure = new TransportFailure('PUSHER_TIMEOUT', `late ${OLD}`, true, cause);
    const redacted = redactor.failure(failure);
    expect(redacted).toMatchObject({
      code: 'PUSHER_TIMEOUT',
      message: 'late [redacted]',
      maybeAccepted: true,
      cause: { message: 'sent [redacted]', code: 'EX' },
    });
    expect(String((redacted.cause as Error).stack)).not.toContain(SECRET);
    expect(redacted.cause).not.toHaveProperty('secret');
  });

  it('removes nothing for an app whose secrets are too short', () => {
    const bare = new SecretRedactor(
      rawOptions({ credentials: { key: 'k', secret: new Secret('secret') } }),
    );
    expect(bare.redact('The secret authentication failed')).toBe(
      'The secret authentication failed',
    );
  });
});
