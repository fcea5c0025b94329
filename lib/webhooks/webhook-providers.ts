import { WebhookDedupe } from './dedupe/webhook-dedupe.js';
import { WebhookDispatcher } from './handlers/webhook-dispatcher.js';
import { WebhookHandlers } from './handlers/handler-registry.js';
import { WebhookReceiver } from './receive/webhook-receiver.js';

/** What guards, endpoints and handlers inject. Each once per Nest application. */
export const WEBHOOK_PROVIDERS = [
  WebhookReceiver,
  WebhookHandlers,
  WebhookDedupe,
  WebhookDispatcher,
];
