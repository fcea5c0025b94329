import type { Webhook, WebhookHeaders } from '../webhook.js';

/** Where the guard leaves the webhook for the parameter. A symbol, so no request can bring its own. */
export const WEBHOOK = Symbol.for('nestjs-pusher-channels:webhook');

/** What is read of a request, on Express and on Fastify. */
export interface IncomingWebhook {
  /** As the HTTP server has them. */
  readonly headers: WebhookHeaders;
  /** The body as it came, where the application keeps it. */
  readonly rawBody?: unknown;
  /** The body as the application's parsers left it. */
  readonly body?: unknown;
  [WEBHOOK]?: Webhook;
}
