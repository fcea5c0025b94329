import { WebhookDedupe } from './webhook-dedupe.js';
import { WebhookDispatcher } from './webhook-dispatcher.js';
import { WebhookHandlers } from './webhook-handlers.js';
import { WebhookReceiver } from './webhook-receiver.js';

/** What guards, endpoints and handlers inject. Each once per Nest application. */
export const WEBHOOK_PROVIDERS = [
  WebhookReceiver,
  WebhookHandlers,
  WebhookDedupe,
  WebhookDispatcher,
];
