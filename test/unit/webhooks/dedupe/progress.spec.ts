import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Progress } from '../../../../lib/webhooks/dedupe/progress.js';

describe('Progress', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(200)), (positions) => {
        const progress = new Progress();
        progress.add(...positions);
        const read = Progress.read(progress.toString());
        for (let at = 0; at <= 201; at += 1) expect(read.has(at)).toBe(positions.includes(at));
        expect(read.hasAll(positions)).toBe(true);
      }),
    );
  });

  it.each([undefined, null, 7, '', 'claimed', {}])('of %p is nothing', (written) => {
    const progress = Progress.read(written);
    expect([progress.has(0), progress.toString()]).toEqual([false, '']);
  });

  it('is written as one character for each position', () => {
    const progress = new Progress();
    progress.add(1, 4);
    expect(progress.toString()).toBe('01001');
  });
});
