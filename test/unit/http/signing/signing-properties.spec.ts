import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import * as fc from 'fast-check';
import { RequestSigner } from '../../../../lib/http/signing/sign-request.js';
import { Secret } from '../../../../lib/runtime/secret.js';

const RUNS = { numRuns: 10_000 };

jest.setTimeout(60_000);

/** One of the characters. */
function letters(all: string): fc.Arbitrary<string> {
  return fc.constantFrom(...all.split(''));
}

const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const name = fc
  .string({ unit: letters('abcxyz_AZ09.-[]'), minLength: 1, maxLength: 8 })
  .filter((one) => !/^(?:auth_|body_md5$|__proto__$)/i.test(one));
const path = fc
  .array(fc.string({ unit: letters('aZ9_-=@,.;%~'), maxLength: 8 }), {
    minLength: 1,
    maxLength: 4,
  })
  // Dots alone are rejected: HTTP clients on the way resolve such segments.
  .filter((parts) => !parts.some((part) => part === '.' || part === '..'))
  .map((parts) => `/${parts.join('/')}`);
const request = fc.record({
  method: fc.constantFrom('GET' as const, 'POST' as const),
  path,
  query: fc.uniqueArray(fc.tuple(name, text), {
    maxLength: 5,
    selector: ([one]) => one.toLowerCase(),
  }),
  body: fc.option(text, { nil: undefined }),
  secret: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  key: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  prefix: fc.constantFrom('', '/pusher', '/a/b'),
  signPathPrefix: fc.boolean(),
  timestamp: fc.integer({ min: 0, max: 4_000_000_000 }),
});

type Example = typeof request extends fc.Arbitrary<infer T> ? T : never;

function signed(example: Example): { target: string; body?: Buffer } {
  const { method, path: given, query, body, secret, key, prefix, signPathPrefix } = example;
  const endpoint = { origin: 'http://x', pathPrefix: prefix, appPath: '/apps/3', signPathPrefix };
  const signer = new RequestSigner({ key, secret: new Secret(secret) }, endpoint);
  const prepared = signer.prepare({
    method,
    path: given,
    query: Object.fromEntries(query),
    body,
    idempotent: false,
  });
  return signer.sign(prepared, example.timestamp);
}

/** A server's check, from the bytes on the wire and with nothing of the library. */
function verifies(
  { method, secret, prefix, signPathPrefix }: Example,
  target: string,
  body: Buffer = Buffer.alloc(0),
): boolean {
  const [onWire = '', query = ''] = target.split(/\?(.*)/s);
  const pathSigned = signPathPrefix ? onWire : onWire.slice(prefix.length);
  const pairs = [...new URLSearchParams(query)];
  const given = pairs.find(([one]) => one === 'auth_signature')?.[1];
  const rest = pairs
    .filter(([one]) => one !== 'auth_signature')
    .map(([one, value]) => [one.toLowerCase(), value] as const)
    .toSorted(([one], [two]) => (one < two ? -1 : 1));
  const md5 = rest.find(([one]) => one === 'body_md5')?.[1];
  const expected = body.byteLength > 0 ? createHash('md5').update(body).digest('hex') : undefined;
  const plain = rest.map(([one, value]) => `${one}=${value}`).join('&');
  const hmac = createHmac('sha256', Buffer.from(secret)).update(
    `${method}\n${pathSigned}\n${plain}`,
  );
  return md5 === expected && given === hmac.digest('hex');
}

describe('a signed request', () => {
  it('passes the check of a server, whatever is in it', () => {
    fc.assert(
      fc.property(request, (example) => {
        const { target, body } = signed(example);
        return verifies(example, target, body);
      }),
      RUNS,
    );
  });

  it('puts nothing on the wire that is not allowed in a URL', () => {
    fc.assert(
      fc.property(request, (example) =>
        /^\/[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*\?[A-Za-z0-9\-._~!'()*=&%]*$/.test(
          signed(example).target,
        ),
      ),
      RUNS,
    );
  });

  it('fails that check once a value, the body or the path is changed', () => {
    fc.assert(
      fc.property(request, text, (example, other) => {
        const { target, body } = signed(example);
        const changedBody = Buffer.concat([body ?? Buffer.alloc(0), Buffer.from(`${other}x`)]);
        expect(verifies(example, target, changedBody)).toBe(false);
        expect(verifies(example, `${target}&extra=${encodeURIComponent(other)}`, body)).toBe(false);
        expect(verifies(example, target.replace('?', 'x?'), body)).toBe(false);
      }),
      { numRuns: 10_000 },
    );
  });

  it('is the same for the same input', () => {
    fc.assert(
      fc.property(request, (example) => signed(example).target === signed(example).target),
      { numRuns: 10_000 },
    );
  });
});
