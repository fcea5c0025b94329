import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { BatchBudget } from '../../../../lib/publishing/batching/batch-budget.js';
import { batchJson } from '../../../../lib/publishing/direct-publisher.js';

/** The events that a budget takes, up to the first that does not fit. */
function takenOf(events: readonly string[], maxEventsPerBatch: number, maxRequestBytes: number) {
  const [json = '', ...others] = events;
  const budget = new BatchBudget({ maxEventsPerBatch, maxRequestBytes }, { json });
  const rejected = others.findIndex((other) => !budget.take({ json: other }));
  const taken = rejected < 0 ? events : events.slice(0, rejected + 1);
  expect(budget.isSpent).toBe(taken.length >= maxEventsPerBatch);
  return taken;
}

describe('BatchBudget', () => {
  it.each([
    ['as many events as the server accepts', ['1', '2', '3'], 2, 99, 2],
    ['as many bytes as the server accepts', ['1', '2', '3'], 9, batchJson(['1', '2']).length, 2],
    ['one event less when one byte is missing', ['1', '2'], 9, batchJson(['1', '2']).length - 1, 1],
    ['by bytes, not by characters', ['"ü"', '"ü"'], 9, batchJson(['"ü"', '"ü"']).length + 1, 1],
    ['at least one event', ['"long"', '1'], 1, 3, 1],
  ])('takes %s', (_what, events, maxEvents, maxBytes, taken) => {
    expect(takenOf(events, maxEvents, maxBytes)).toHaveLength(taken);
  });

  it('is exhausted exactly when the next event would exceed a limit', () => {
    const event = fc
      .string({ unit: 'grapheme', maxLength: 20 })
      .map((text) => JSON.stringify(text));
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 1 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 300 }),
        (events, maxEvents, maxBytes) => {
          const taken = takenOf(events, maxEvents, maxBytes);
          const size = (count: number) => Buffer.byteLength(batchJson(events.slice(0, count)));
          const fits = (count: number) => count <= maxEvents && size(count) <= maxBytes;
          expect(taken.length === 1 || fits(taken.length)).toBe(true);
          expect(taken.length < events.length && fits(taken.length + 1)).toBe(false);
        },
      ),
    );
  });
});
