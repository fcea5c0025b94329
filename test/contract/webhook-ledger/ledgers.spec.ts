import { Keyv } from 'keyv';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { MemoryLedger } from '../../../lib/webhooks/dedupe/ledger.js';
import { stopDate } from '../../support/runtime/manual-date.js';
import { AtomicStore, sharedLedger } from '../../support/webhooks/stores.js';
import { TTL_MS, webhookLedgerContract } from './contract.js';

webhookLedgerContract('MemoryLedger', () => {
  const clock = new ManualClock();
  return { ledger: new MemoryLedger(TTL_MS, clock), advance: (ms) => clock.advance(ms) };
});

webhookLedgerContract('SharedLedger over Keyv', () => {
  const clock = new ManualClock();
  const advanceDate = stopDate();
  const advance = async (ms: number): Promise<void> => {
    advanceDate(ms);
    await clock.advance(ms);
  };
  return { ledger: sharedLedger(new Keyv(), { clock, ttlMs: TTL_MS }).ledger, advance };
});

webhookLedgerContract('SharedLedger over a store with setIfAbsent', () => {
  const clock = new ManualClock();
  const { ledger } = sharedLedger(new AtomicStore(clock), { clock, ttlMs: TTL_MS });
  return { ledger, advance: (ms) => clock.advance(ms) };
});
