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

/** Enters so many times, and returns what happens to those that have to wait. */
function enter(limiter: RateLimiter, count: number, timeoutMs = 60_000): string[] {
  const log: string[] = [];
  for (let at = 0; at < count; at += 1)
    void Promise.resolve(limiter.enter(timeoutMs)).then((admitted) =>
      log.push(admitted ? 'in' : 'away'),
    );
  return log;
}

describe('RateLimiter', () => {
  it('admits everybody at once until the server complains', () => {
    const { limiter } = make();
    for (let at = 0; at < 1000; at += 1) expect(limiter.enter(1)).toBe(true);
    expect(limiter.limit).toBe(Infinity);
  });

  it('pauses all callers, then admits half as many as before', async () => {
    const { clock, limiter } = make();
    for (let at = 0; at < 8; at += 1) void limiter.enter(1);
    limiter.leave(0);
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
      limiter.leave(asked);
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
    limiter.leave(0);
    expect(limiter.limit).toBe(32);
  });

  it('counts the rejections of one burst once', () => {
    const { limiter } = make();
    for (let at = 0; at < 64; at += 1) void limiter.enter(1);
    for (let at = 0; at < 64; at += 1) limiter.leave(0);
    expect(limiter.limit).toBe(32);
  });

  it('pauses twice as long each time the server complains again', async () => {
    const { clock, limiter } = make();
    void limiter.enter(1);
    limiter.leave(0);
    for (const pause of [100, 200, 400]) {
      const log = enter(limiter, 1);
      await clock.advance(pause - 1);
      expect(log).toEqual([]);
      await clock.advance(1);
      expect(log).toEqual(['in']);
      limiter.leave(0);
    }
    expect(limiter.limit).toBe(1);
  });

  it('raises the limit step by step as requests succeed', async () => {
    const { clock, limiter } = make();
    for (let at = 0; at < 16; at += 1) void limiter.enter(1);
    limiter.leave(0);
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

  it('turns those away whose time is over, and forgets them', async () => {
    const { clock, limiter } = make();
    void limiter.enter(1);
    limiter.leave(2000);
    const early = enter(limiter, 1, 50);
    const late = enter(limiter, 1, 5000);
    await clock.advance(50);
    expect(early).toEqual(['away']);
    await clock.advance(1950);
    expect(late).toEqual(['in']);
    limiter.leave();
    expect(clock.sleeping).toBe(0);
  });

  it('turns everybody away when it is closed', async () => {
    const { clock, limiter } = make();
    void limiter.enter(1);
    limiter.leave(0);
    const log = enter(limiter, 3);
    limiter.close();
    await clock.advance(0);
    expect(log).toEqual(['away', 'away', 'away']);
    expect(await limiter.enter(1000)).toBe(false);
  });
});
