import { describe, expect, it } from '@jest/globals';
import { blow, type Storm, type StormResult, type Weather } from '../../support/faults/storm.js';

/** In thousandths. About one request in five meets a fault. */
const WEATHER: Weather = {
  'close-after-response': 20,
  'reset-before': 12,
  'close-before': 12,
  'reset-after': 12,
  'close-after': 12,
  'black-hole': 3,
  'black-hole-after': 3,
  'half-a-response': 10,
  'half-a-head': 10,
  'slow-bytes': 8,
  'endless-body': 2,
  'length-too-long': 8,
  'length-too-short': 8,
  garbage: 8,
  html: 5,
  'early-hints': 10,
  'continue-first': 8,
  'interim-flood': 3,
  redirect: 5,
  'too-many': 10,
  'too-many-wait': 10,
  unavailable: 10,
  'error-before': 10,
  'error-after': 5,
};

const STORM: Storm = {
  seed: 20_261_124,
  triggers: 1_500,
  queries: 100,
  callers: 100,
  weather: WEATHER,
  options: {
    timeoutMs: 400,
    http: { maxConnections: 32 },
    retry: { maxAttempts: 4, baseDelayMs: 2, maxDelayMs: 20, deadlineMs: 4_000 },
  },
  flapping: true,
};

/** Ids of the triggers that ended so, with how often the server accepted each. */
function deliveries({ triggers, delivered }: StormResult, ending: string): number[] {
  return [...triggers].filter(([, how]) => how === ending).map(([id]) => delivered.get(id) ?? 0);
}

function duplicates({ delivered }: StormResult): string[] {
  return [...delivered].filter(([, times]) => times > 1).map(([id]) => id);
}

describe.each([
  { roundTripMs: 0, triggers: 5_000, queries: 2_000 },
  { roundTripMs: 20, triggers: 2_500, queries: 1_000 },
])('a storm of faults, $roundTripMs ms away', ({ roundTripMs, triggers, queries }) => {
  it('loses nothing, doubles nothing, and reports the truth to every caller', async () => {
    const result = await blow({ ...STORM, roundTripMs, triggers, queries });
    const count = (ending: string): number => deliveries(result, ending).length;

    expect(result.triggers.size).toBe(triggers);
    expect(result.queries.succeeded + result.queries.failed).toBe(queries);
    expect(result.pending).toBe(0);
    expect(result.openSocketsAfterClose).toBe(0);
    expect(result.leaked).toBeLessThanOrEqual(0);
    // Every fault was met, or the storm would prove nothing.
    expect(Object.keys(WEATHER).filter((name) => !result.played.has(name))).toEqual([]);

    expect(new Set(deliveries(result, 'accepted'))).toEqual(new Set([1]));
    expect(new Set(deliveries(result, 'not accepted'))).not.toContain(1);
    expect(new Set(deliveries(result, 'rejected'))).not.toContain(1);
    expect(duplicates(result)).toEqual([]);
    // No event reached the server a second time, accepted or not.
    expect([...result.forwarded.values()].filter((times) => times > 1)).toEqual([]);
    // What was delivered without its caller knowing is what callers were told may have been.
    const unknown = [
      ...deliveries(result, 'maybe accepted'),
      ...deliveries(result, 'server error'),
    ];
    const delivered = [...result.delivered.values()].reduce((sum, times) => sum + times, 0);
    expect(delivered).toBe(count('accepted') + unknown.filter((times) => times === 1).length);

    // Most of it gets through: faults are one in five, and most of them cost an attempt only.
    expect(count('accepted')).toBeGreaterThan(0.6 * triggers);
    expect(result.queries.succeeded).toBeGreaterThan(0.8 * queries);
  }, 240_000);

  it('doubles only what may be doubled when unanswered triggers are sent again', async () => {
    const result = await blow({
      ...STORM,
      roundTripMs,
      seed: 7,
      options: { ...STORM.options, retry: { ...STORM.options?.retry, retryUnanswered: true } },
    });
    const doubled = duplicates(result);
    expect(doubled.length).toBeGreaterThan(0);
    expect(doubled.filter((id) => (result.forwarded.get(id) ?? 0) < 2)).toEqual([]);
    expect(deliveries(result, 'accepted').filter((times) => times === 0)).toEqual([]);
    expect(deliveries(result, 'not accepted').filter((times) => times > 0)).toEqual([]);
    expect(deliveries(result, 'accepted').length).toBeGreaterThan(1_200);
  }, 240_000);
});
