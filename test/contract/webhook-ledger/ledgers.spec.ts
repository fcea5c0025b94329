import { Keyv } from 'keyv';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { MemoryLedger, SharedLedger } from '../../../lib/webhooks/dedupe/ledger.js';
import { stopDate } from '../../support/runtime/manual-date.js';
import { TTL_MS, webhookLedgerContract } from './contract.js';

webhookLedgerContract('MemoryLedger', () => {
  const clock = new ManualClock();
  return { ledger: new MemoryLedger(TTL_MS, clock), advance: (ms) => clock.advance(ms) };
});

webhookLedgerContract('SharedLedger over Keyv', () => {
  const ledger = new SharedLedger(new Keyv(), TTL_MS, (error) => {
    throw error;
  });
  return { ledger, advance: stopDate() };
});
