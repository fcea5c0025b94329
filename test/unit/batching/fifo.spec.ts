import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Fifo } from '../../../lib/batching/fifo.js';

describe('Fifo', () => {
  it('gives what came first, like an array', () => {
    const push = fc.nat();
    const shift = fc.constant('shift' as const);
    const steps = fc.array(fc.oneof(push, shift), { maxLength: 100 });
    fc.assert(
      fc.property(steps, (all) => {
        const fifo = new Fifo<number>();
        const model: number[] = [];
        for (const step of all) {
          const given = step === 'shift' ? fifo.shift() : fifo.push(step);
          const expected = step === 'shift' ? model.shift() : void model.push(step);
          expect(given).toBe(expected);
          expect([fifo.isEmpty, fifo.peek()]).toEqual([model.length === 0, model[0]]);
        }
        expect([...fifo.drain()]).toEqual(model);
        expect(fifo.isEmpty).toBe(true);
      }),
    );
  });
});
