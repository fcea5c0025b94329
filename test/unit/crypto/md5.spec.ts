import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { md5 } from '../../../lib/crypto/signing-key.js';

interface Vector {
  id: string;
  body: string | null;
  body_md5: string | null;
}

const VECTORS = (
  JSON.parse(readFileSync(join(import.meta.dirname, '../../vectors/signing.json'), 'utf8')) as {
    vectors: Vector[];
  }
).vectors.flatMap(({ id, body, body_md5 }) =>
  typeof body === 'string' && typeof body_md5 === 'string' ? [{ id, body, body_md5 }] : [],
);

describe('md5', () => {
  it('has vectors', () => expect(VECTORS.length).toBeGreaterThan(5));

  it.each(VECTORS)('returns the checksum of the body of $id', ({ body, body_md5 }) =>
    expect(md5(body)).toBe(body_md5),
  );

  it('agrees with the hash of Node for strings and bytes', () => {
    const data = fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array());
    fc.assert(
      fc.property(data, (value) => {
        expect(md5(value)).toBe(createHash('md5').update(value).digest('hex'));
      }),
    );
  });
});
