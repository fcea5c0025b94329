import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Queue } from '../../../lib/runtime/queue.js';

describe('Queue', () => {
  it('returns what came first, like an array', () => {
    const push = fc.nat();
    const shift = fc.constant('shift' as const);
    const steps = fc.array(fc.oneof(push, shift), { maxLength: 100 });
    fc.assert(
      fc.property(steps, (all) => {
        const queue = new Queue<number>();
        const model: number[] = [];
        for (const step of all) {
          const given = step === 'shift' ? queue.shift() : queue.push(step);
          const expected = step === 'shift' ? model.shift() : void model.push(step);
          expect(given).toBe(expected);
          expect([queue.isEmpty, queue.peek()]).toEqual([model.length === 0, model[0]]);
          expect([queue.length, ...queue]).toEqual([model.length, ...model]);
        }
        expect([...queue.drain()]).toEqual(model);
        expect(queue.isEmpty).toBe(true);
      }),
    );
  });
});
