import { Keyv } from 'keyv';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { TimedWebhookStore } from '../../../lib/webhooks/dedupe/timed-store.js';
import { stopDate } from '../../support/runtime/manual-date.js';
import { webhookStoreContract } from './contract.js';

webhookStoreContract('a Keyv instance', () => ({ store: new Keyv(), advance: stopDate() }));

webhookStoreContract('a store with a time limit', () => ({
  store: new TimedWebhookStore(new Keyv(), new ManualClock()),
  advance: stopDate(),
}));
