import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { BatchBudget } from '../../../lib/publishing/batch-budget.js';
import { batchJson } from '../../../lib/publishing/event-json.js';

function filled(entries: readonly string[], maxEventsPerBatch: number, maxRequestBytes: number) {
  const room = new BatchBudget({ maxEventsPerBatch, maxRequestBytes });
  const refused = entries.findIndex((entry) => !room.take({ entry }));
  return refused < 0 ? entries : entries.slice(0, refused);
}

describe('BatchBudget', () => {
  it.each([
    ['as many as the server takes', ['1', '2', '3'], 2, 99, 2],
    ['as many bytes as the server takes', ['1', '2', '3'], 9, batchJson(['1', '2']).length, 2],
    ['one byte less', ['1', '2'], 9, batchJson(['1', '2']).length - 1, 1],
    ['bytes, not characters', ['"ü"', '"ü"'], 9, batchJson(['"ü"', '"ü"']).length + 1, 1],
    ['at least one', ['"long"', '1'], 1, 3, 1],
  ])('takes %s', (_what, entries, events, bytes, taken) => {
    expect(filled(entries, events, bytes)).toHaveLength(taken);
  });

  it('is full exactly when the next would be too much', () => {
    const entry = fc
      .string({ unit: 'grapheme', maxLength: 20 })
      .map((text) => JSON.stringify(text));
    fc.assert(
      fc.property(
        fc.array(entry, { minLength: 1 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 300 }),
        (entries, events, bytes) => {
          const taken = filled(entries, events, bytes);
          const size = (count: number) => Buffer.byteLength(batchJson(entries.slice(0, count)));
          const fits = (count: number) => count <= events && size(count) <= bytes;
          expect(taken.length === 1 || fits(taken.length)).toBe(true);
          expect(taken.length < entries.length && fits(taken.length + 1)).toBe(false);
        },
      ),
    );
  });
});
