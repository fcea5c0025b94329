import { describe, expect, it } from '@jest/globals';
import { WaitingLine } from '../../../lib/http/waiting-line.js';

describe('WaitingLine', () => {
  it('is first come, first served', () => {
    const line = new WaitingLine<number>(() => true);
    for (const entry of [1, 2, 3]) line.add(entry);
    expect([line.next(), line.next(), line.next(), line.next()]).toEqual([1, 2, 3, undefined]);
  });

  it('passes over those that have left', () => {
    const left = new Set([1, 2, 4]);
    const line = new WaitingLine<number>((entry) => !left.has(entry));
    for (const entry of [1, 2, 3, 4, 5]) line.add(entry);
    expect([line.next(), line.next(), line.next()]).toEqual([3, 5, undefined]);
  });

  it('keeps its order over thousands that come and go', () => {
    const line = new WaitingLine<number>((entry) => entry % 3 !== 0);
    const seen: number[] = [];
    for (let entry = 0; entry < 10_000; entry += 1) {
      line.add(entry);
      if (entry % 2) seen.push(line.next() ?? -1);
    }
    for (let next = line.next(); next !== undefined; next = line.next()) seen.push(next);
    expect(seen).toEqual(Array.from({ length: 10_000 }, (_, at) => at).filter((at) => at % 3));
    expect(line.empty).toBe(true);
  });
});
