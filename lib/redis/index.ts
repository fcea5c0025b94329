export {
  type RedisClient,
  RedisWebhookStore,
  type RedisWebhookStoreOptions,
} from './redis-webhook-store.js';
export type { WebhookStore } from '../options/webhook.options.js';
