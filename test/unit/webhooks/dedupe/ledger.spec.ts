import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Keyv } from 'keyv';
import { ManualClock } from '../../../../lib/testing/manual-clock.js';
import { MemoryLedger, SharedLedger } from '../../../../lib/webhooks/dedupe/ledger.js';
import { stopDate } from '../../../support/runtime/manual-date.js';
import { done, failed, HeldWork, unwanted } from '../../../support/webhooks/work.js';

/** Two ledgers over one store, as two instances of an application have them. */
function instances(): [here: SharedLedger, there: SharedLedger] {
  const store = new Keyv();
  const noFault = (error: unknown): never => {
    throw error;
  };
  return [new SharedLedger(store, 1000, noFault), new SharedLedger(store, 1000, noFault)];
}

describe('SharedLedger', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('does not run work that another instance has finished', async () => {
    const [here, there] = instances();
    expect(await here.once('a', done)).toBe('done');
    expect(await there.once('a', unwanted)).toBe('done');
  });

  it('runs work that failed in another instance', async () => {
    const [here, there] = instances();
    expect(await here.once('a', failed)).toBe('failed');
    expect(await there.once('a', done)).toBe('done');
    expect(await here.once('a', unwanted)).toBe('done');
  });

  it('leaves work alone that another instance is running', async () => {
    const [here, there] = instances();
    const work = new HeldWork();
    const outcome = here.once('a', work.run);
    await work.started;
    expect(await there.once('a', unwanted)).toBe('elsewhere');
    await work.end(true);
    expect(await outcome).toBe('done');
  });

  it('runs work once when two instances start at the same moment', async () => {
    const [here, there] = instances();
    const work = new HeldWork();
    const outcomes = Promise.all([here.once('a', work.run), there.once('a', work.run)]);
    await work.end(true);
    expect((await outcomes).toSorted()).toEqual(['done', 'elsewhere']);
    expect(work.starts).toBe(1);
  });

  it('takes over from an instance that has crashed', async () => {
    const advance = stopDate();
    const [crashed, here] = instances();
    const work = new HeldWork();
    void crashed.once('a', work.run);
    await work.started;
    advance(59_999);
    expect(await here.once('a', unwanted)).toBe('elsewhere');
    advance(2);
    expect(await here.once('a', done)).toBe('done');
  });

  it('runs work without a store that fails, and reports each failure', async () => {
    const faults: unknown[] = [];
    const fault = new Error('down');
    const store = { get: () => Promise.reject(fault), set: () => Promise.reject(fault) };
    const ledger = new SharedLedger(store, 1000, (error) => faults.push(error));
    expect(await ledger.once('a', done)).toBe('done');
    expect(await ledger.once('a', failed)).toBe('failed');
    expect([faults.length, new Set(faults)]).toEqual([8, new Set([fault])]);
  });

  it('runs work without a store that throws synchronously', async () => {
    const faults: unknown[] = [];
    const store = { get: unwanted, set: unwanted };
    const ledger = new SharedLedger(store, 1000, (error) => faults.push(error));
    expect(await ledger.once('a', done)).toBe('done');
    expect(faults).toHaveLength(4);
  });
});

describe('MemoryLedger', () => {
  it('forgets finished work exactly after its time to live', async () => {
    const clock = new ManualClock();
    const ledger = new MemoryLedger(1000, clock);
    await ledger.once('a', done);
    await clock.advance(999);
    expect(await ledger.once('a', unwanted)).toBe('done');
    await clock.advance(1);
    expect(await ledger.once('a', failed)).toBe('failed');
  });

  it('forgets the oldest work beyond 100 000 entries', async () => {
    const ledger = new MemoryLedger(1000, new ManualClock());
    for (let n = 0; n < 100_000; n += 1) await ledger.once(`k${n}`, done);
    expect(await ledger.once('k0', unwanted)).toBe('done');
    await ledger.once('one more', done);
    expect(await ledger.once('k1', unwanted)).toBe('done');
    expect(await ledger.once('one more', unwanted)).toBe('done');
    expect(await ledger.once('k0', failed)).toBe('failed');
  });

  it('forgets expired work before any that it still has to remember', async () => {
    const clock = new ManualClock();
    const ledger = new MemoryLedger(1000, clock);
    await ledger.once('old', done);
    await clock.advance(500);
    for (let n = 0; n < 99_999; n += 1) await ledger.once(`k${n}`, done);
    await clock.advance(500);
    await ledger.once('one more', done);
    expect(await ledger.once('k0', unwanted)).toBe('done');
    expect(await ledger.once('old', failed)).toBe('failed');
  });
});
