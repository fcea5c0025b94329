import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { signWebhook } from '../../sign-webhook.js';
import type { Timers } from '../clock.js';
import type { SentWebhook, WebhookAttempt } from '../observe/records.js';
import { type AppSettings, credentialsOf } from '../options.js';
import type { ServerContext } from '../server-context.js';
import type { WireWebhookEvent } from './event.js';

const FIRST_PAUSE_MS = 1000;
/** The cloud gives up after five minutes; its steps are not published. */
const GIVE_UP_AFTER_MS = 5 * 60 * 1000;

/**
 * Signs a webhook and sends it to the application, after the first attempt of the one before it.
 * Resolves after its own first attempt; later ones are made in the background.
 */
export async function deliver(
  app: AppSettings,
  server: ServerContext,
  { events, timeMs }: { events: readonly WireWebhookEvent[]; timeMs: number },
  previous: Promise<void>,
  stopped: AbortSignal,
): Promise<void> {
  const { recorder } = server;
  // With several credentials the cloud signs with the oldest.
  const [oldest] = credentialsOf(app);
  const url = app.webhookUrl;
  const attempts: WebhookAttempt[] = [];
  const webhook: SentWebhook = {
    appId: app.id,
    ...(url !== undefined && { url }),
    ...signWebhook({ events, timeMs }, oldest),
    timeMs,
    events,
    attempts,
    delivered: false,
  };
  recorder.webhooks.add(webhook);
  await previous;
  if (stopped.aborted) return;
  if (url === undefined) recorder.record({ type: 'webhook', appId: app.id, webhook });
  else await attempt(server, webhook, attempts, url, stopped);
}

async function attempt(
  server: ServerContext,
  webhook: SentWebhook,
  attempts: WebhookAttempt[],
  url: string,
  stopped: AbortSignal,
): Promise<void> {
  const { timers, settings, recorder } = server;
  const atMs = timers.now();
  const outcome = await post({ url, ...webhook }, settings.webhooks.timeoutMs, timers, stopped);
  attempts.push({ atMs, ...outcome });
  webhook.delivered = 'status' in outcome && outcome.status >= 200 && outcome.status < 300;
  if (stopped.aborted) return;
  recorder.record({ type: 'webhook', appId: webhook.appId, webhook });
  const pauseMs = FIRST_PAUSE_MS * 2 ** (attempts.length - 1);
  const inTime = timers.now() + pauseMs - webhook.timeMs <= GIVE_UP_AFTER_MS;
  if (webhook.delivered || !settings.webhooks.retry || !inTime) return;
  timers.after(pauseMs, () => void attempt(server, webhook, attempts, url, stopped));
}

/** What became of one request. */
type PostOutcome = { status: number; body: string } | { error: string };

/** Posts once, on a connection that is used for nothing else, and never rejects. */
function post(
  message: { url: string; headers: Readonly<Record<string, string>>; body: string },
  timeoutMs: number,
  timers: Timers,
  stopped: AbortSignal,
): Promise<PostOutcome> {
  return new Promise((resolve) => {
    const abort = new AbortController();
    const cancel = timers.after(timeoutMs, () =>
      end({ error: `No response within ${timeoutMs} ms` }),
    );
    const onStop = () => end({ error: 'The server was stopped' });
    const end = (outcome: PostOutcome) => {
      cancel();
      stopped.removeEventListener('abort', onStop);
      resolve(outcome);
      abort.abort();
    };
    stopped.addEventListener('abort', onStop);
    try {
      const send = message.url.startsWith('https:') ? httpsRequest : httpRequest;
      const headers = { ...message.headers, 'content-length': Buffer.byteLength(message.body) };
      send(message.url, { method: 'POST', headers, agent: false, signal: abort.signal })
        .on('response', (response) => {
          const chunks: Buffer[] = [];
          response
            .on('data', (chunk: Buffer) => chunks.push(chunk))
            .on('end', () =>
              end({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
            )
            .on('error', (error) => end({ error: error.message }));
        })
        .on('error', (error) => end({ error: error.message }))
        .end(message.body);
    } catch (error) {
      end({ error: error instanceof Error ? error.message : String(error) });
    }
  });
}
