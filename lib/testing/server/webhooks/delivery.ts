import { signWebhook } from '../../sign-webhook.js';
import type { App } from '../app.js';
import type { SentWebhook, WebhookAttempt } from '../observe/records.js';
import { post } from './post.js';
import type { WireWebhookEvent } from './webhook-event.js';

const FIRST_PAUSE_MS = 1000;
/** The cloud gives up after five minutes; its steps are not published. */
const GIVE_UP_AFTER_MS = 5 * 60 * 1000;

/**
 * Signs a webhook and hands it to the application, when those before it have been handed over.
 * Resolves after the first attempt; later ones are made on the side.
 */
export async function deliver(
  app: App,
  events: readonly WireWebhookEvent[],
  turn: Promise<void>,
  stopped: AbortSignal,
): Promise<void> {
  const { settings, server } = app;
  const timeMs = server.timers.now();
  // With several tokens the cloud signs with the oldest.
  const token = settings.tokens.at(-1) ?? settings.tokens[0];
  const url = settings.webhookUrl;
  const attempts: WebhookAttempt[] = [];
  const webhook: SentWebhook = {
    appId: settings.id,
    ...(url !== undefined && { url }),
    ...signWebhook({ events, timeMs }, token),
    timeMs,
    events,
    attempts,
    delivered: false,
  };
  server.webhooks.add(webhook);
  await turn;
  if (stopped.aborted) return;
  if (url === undefined) app.happened({ type: 'webhook', webhook });
  else await attempt(app, webhook, attempts, url, stopped);
}

async function attempt(
  app: App,
  webhook: SentWebhook,
  attempts: WebhookAttempt[],
  url: string,
  stopped: AbortSignal,
): Promise<void> {
  const { timers, settings } = app.server;
  const atMs = timers.now();
  const outcome = await post({ url, ...webhook }, settings.webhooks.timeoutMs, timers, stopped);
  attempts.push({ atMs, ...outcome });
  webhook.delivered = 'status' in outcome && outcome.status >= 200 && outcome.status < 300;
  if (stopped.aborted) return;
  app.happened({ type: 'webhook', webhook });
  const pauseMs = FIRST_PAUSE_MS * 2 ** (attempts.length - 1);
  const inTime = timers.now() + pauseMs - webhook.timeMs <= GIVE_UP_AFTER_MS;
  if (webhook.delivered || !settings.webhooks.retry || !inTime) return;
  timers.after(pauseMs, () => void attempt(app, webhook, attempts, url, stopped));
}
