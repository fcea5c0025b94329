import { Keyv } from 'keyv';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { MemoryDedupe } from '../../../lib/webhooks/dedupe/webhook-dedupe.js';
import { stopDate } from '../../support/runtime/manual-date.js';
import { AtomicStore, sharedDedupe } from '../../support/webhooks/stores.js';
import { TTL_MS, webhookDedupeContract } from './contract.js';

webhookDedupeContract('MemoryDedupe', () => {
  const clock = new ManualClock();
  return { dedupe: new MemoryDedupe(TTL_MS, clock), advance: (ms) => clock.advance(ms) };
});

webhookDedupeContract('SharedDedupe over Keyv', () => {
  const clock = new ManualClock();
  const advanceDate = stopDate();
  const advance = async (ms: number): Promise<void> => {
    advanceDate(ms);
    await clock.advance(ms);
  };
  return { dedupe: sharedDedupe(new Keyv(), { clock, ttlMs: TTL_MS }).dedupe, advance };
});

webhookDedupeContract('SharedDedupe over a store with setIfAbsent', () => {
  const clock = new ManualClock();
  const { dedupe } = sharedDedupe(new AtomicStore(clock), { clock, ttlMs: TTL_MS });
  return { dedupe, advance: (ms) => clock.advance(ms) };
});
