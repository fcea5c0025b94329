import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { sameBytes } from '../../../lib/crypto/same-bytes.js';

describe('sameBytes', () => {
  it.each([
    [[], [], true],
    [[1, 2], [1, 2], true],
    [[1, 2], [1, 3], false],
    [[1, 2], [1], false],
    [[], [0], false],
  ])('of %j and %j: %s', (one, two, same) => {
    expect(sameBytes(Uint8Array.from(one), Uint8Array.from(two))).toBe(same);
  });

  it('is equality', () => {
    const bytes = fc.uint8Array({ maxLength: 3, max: 1 });
    fc.assert(
      fc.property(bytes, bytes, (one, two) => {
        expect(sameBytes(one, two)).toBe(one.join() === two.join());
      }),
    );
  });
});
