import { describe, expect, it } from '@jest/globals';
import { RateLimiter } from '../../../lib/http/rate-limiter.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';

function make(): { clock: ManualClock; limiter: RateLimiter } {
  const clock = new ManualClock();
  return {
    clock,
    limiter: new RateLimiter(clock, { baseDelayMs: 100, maxDelayMs: 2000, maxConnections: 64 }),
  };
}

/** Lets so many in and gives what happens to those that have to wait. */
function enter(limiter: RateLimiter, count: number, withinMs = 60_000): string[] {
  const log: string[] = [];
  for (let at = 0; at < count; at += 1)
    void Promise.resolve(limiter.enter(withinMs)).then((letIn) => log.push(letIn ? 'in' : 'away'));
  return log;
}

describe('RateLimiter', () => {
  it('lets everybody in at once until the server complains', () => {
    const { limiter } = make();
    for (let at = 0; at < 1000; at += 1) expect(limiter.enter(1)).toBe(true);
    expect(limiter.limit).toBe(Infinity);
  });

  it('pauses all callers, then lets half as many in as before', async () => {
    const { clock, limiter } = make();
    for (let at = 0; at < 8; at += 1) void limiter.enter(1);
    limiter.refused();
    for (let at = 0; at < 7; at += 1) limiter.leave();
    const log = enter(limiter, 20);
    await clock.advance(99);
    expect(log).toEqual([]);
    await clock.advance(1);
    expect(log.length).toBeGreaterThanOrEqual(4);
    expect(log.length).toBeLessThanOrEqual(6);
  });

  it('waits as long as the server asks, up to the cap', async () => {
    for (const [asked, waited] of [
      [700, 700],
      [9000, 2000],
    ] as const) {
      const { clock, limiter } = make();
      void limiter.enter(1);
      limiter.refused(asked);
      const log = enter(limiter, 1);
      await clock.advance(waited - 1);
      expect(log).toEqual([]);
      await clock.advance(1);
      expect(log).toEqual(['in']);
    }
  });

  it('does not count those that wait for a connection', () => {
    const { limiter } = make();
    for (let at = 0; at < 1000; at += 1) void limiter.enter(1);
    limiter.refused();
    expect(limiter.limit).toBe(32);
  });

  it('counts the refusals of one burst once', () => {
    const { limiter } = make();
    for (let at = 0; at < 64; at += 1) void limiter.enter(1);
    for (let at = 0; at < 64; at += 1) limiter.refused();
    expect(limiter.limit).toBe(32);
  });

  it('pauses twice as long each time the server complains again', async () => {
    const { clock, limiter } = make();
    void limiter.enter(1);
    limiter.refused();
    for (const pause of [100, 200, 400]) {
      const log = enter(limiter, 1);
      await clock.advance(pause - 1);
      expect(log).toEqual([]);
      await clock.advance(1);
      expect(log).toEqual(['in']);
      limiter.refused();
    }
    expect(limiter.limit).toBe(1);
  });

  it('opens again, step by step, as answers come', async () => {
    const { clock, limiter } = make();
    for (let at = 0; at < 16; at += 1) void limiter.enter(1);
    limiter.refused();
    for (let at = 0; at < 15; at += 1) limiter.leave();
    expect(limiter.limit).toBeLessThan(11);
    await clock.advance(100);
    let rounds = 0;
    for (; limiter.limit !== Infinity; rounds += 1) {
      await limiter.enter(1000);
      limiter.leave();
    }
    expect(rounds).toBeGreaterThan(16);
    expect(rounds).toBeLessThan(200);
  });

  it('sends those away whose time is over, and forgets them', async () => {
    const { clock, limiter } = make();
    void limiter.enter(1);
    limiter.refused(2000);
    const early = enter(limiter, 1, 50);
    const late = enter(limiter, 1, 5000);
    await clock.advance(50);
    expect(early).toEqual(['away']);
    await clock.advance(1950);
    expect(late).toEqual(['in']);
    limiter.leave();
    expect(clock.sleeping).toBe(0);
  });

  it('sends everybody away at the end', async () => {
    const { clock, limiter } = make();
    void limiter.enter(1);
    limiter.refused();
    const log = enter(limiter, 3);
    limiter.end();
    await clock.advance(0);
    expect(log).toEqual(['away', 'away', 'away']);
    expect(await limiter.enter(1000)).toBe(false);
  });
});
