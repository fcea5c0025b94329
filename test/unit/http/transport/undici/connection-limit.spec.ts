import { describe, expect, it } from '@jest/globals';
import { ConnectionLimit } from '../../../../../lib/http/transport/undici/connection-limit.js';

const BASE = 4;
const ROUND_TRIP_MS = 100;

/**
 * Responses that arrive one after the other, each of which finds requests waiting.
 * @returns how many connections are open in the end, of which all are busy
 */
function load(
  limit: ConnectionLimit,
  responses: number,
  milliseconds = ROUND_TRIP_MS,
  open = BASE,
) {
  let busy = open;
  for (let response = 0; response < responses; response += 1)
    if (limit.onResponse(milliseconds, busy, true)) busy += 1;
  return busy;
}

describe('ConnectionLimit', () => {
  it('allows its base, and all connections that are open', () => {
    const limit = new ConnectionLimit(BASE, true);
    expect([limit.allows(3, 0), limit.allows(4, 0), limit.allows(4, 4)]).toEqual([
      true,
      false,
      false,
    ]);
    expect([limit.allows(8, 9), limit.allows(9, 9)]).toEqual([true, false]);
  });

  it('adds nothing in a burst of two round trips, and one connection for each response after that', () => {
    const limit = new ConnectionLimit(BASE, true);
    expect(load(limit, 2 * BASE)).toBe(BASE);
    expect(load(limit, 3)).toBe(BASE + 3);
  });

  it('starts again when a response finds no request waiting', () => {
    const limit = new ConnectionLimit(BASE, true);
    load(limit, 2 * BASE);
    limit.onResponse(ROUND_TRIP_MS, BASE, false);
    expect(load(limit, 2 * BASE)).toBe(BASE);
  });

  it.each([
    [0.3, BASE],
    [5, 50],
    [20, 200],
    [100, 1000],
    [400, 1024],
  ])('has for a round trip of %d ms at most %i connections', (milliseconds, most) => {
    expect(load(new ConnectionLimit(BASE, true), 5000, milliseconds)).toBe(most);
  });

  it('adds nothing for responses that are late: the distance is not what limits the rate', () => {
    const limit = new ConnectionLimit(BASE, true);
    limit.onResponse(ROUND_TRIP_MS, 1, false);
    expect(load(limit, 5000, 2.1 * ROUND_TRIP_MS)).toBe(BASE);
    expect(load(limit, 1, 1.9 * ROUND_TRIP_MS)).toBe(BASE + 1);
  });

  it('adds nothing to what the application has set', () => {
    expect(load(new ConnectionLimit(BASE, false), 5000)).toBe(BASE);
  });

  it('adds no more once a new connection has failed, until there are none', () => {
    const limit = new ConnectionLimit(BASE, true);
    load(limit, 2 * BASE + 6);
    limit.onRefused(BASE + 6);
    expect(load(limit, 5000, ROUND_TRIP_MS, BASE + 2)).toBe(BASE + 5);
    limit.onEmpty();
    expect(load(limit, 10, ROUND_TRIP_MS, BASE + 2)).toBe(BASE + 12);
  });

  it('measures the round trip again when there are no connections', () => {
    const limit = new ConnectionLimit(BASE, true);
    limit.onResponse(1, 1, false);
    expect(load(limit, 5000)).toBe(BASE);
    limit.onEmpty();
    expect(load(limit, 5000)).toBe(1000);
  });
});
