import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Fifo } from '../../../lib/batching/fifo.js';

describe('Fifo', () => {
  it('gives what came first, like an array', () => {
    const push = fc.nat();
    const shift = fc.constant('shift' as const);
    // Many pushes before the shifts, so that the array is cut in between.
    const steps = fc.tuple(
      fc.array(push, { maxLength: 300 }),
      fc.array(fc.oneof(push, shift, shift, shift), { maxLength: 500 }),
    );
    fc.assert(
      fc.property(steps, ([first, rest]) => {
        const fifo = new Fifo<number>();
        const model: number[] = [];
        for (const step of [...first, ...rest]) {
          const given = step === 'shift' ? fifo.shift() : fifo.push(step);
          const expected = step === 'shift' ? model.shift() : void model.push(step);
          expect(given).toBe(expected);
          expect([fifo.length, fifo.peek()]).toEqual([model.length, model[0]]);
        }
      }),
    );
  });
});
