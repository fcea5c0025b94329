import type { Observation } from './observation.js';
import type { ConnectionState, PublishedEvent, SentWebhook } from './records.js';

import type { SubscriptionWaitForOptions, WaitForOptions } from './wait-options.js';

const PATIENCE_MS = 4000;

export function nextPublished(
  { waits, published }: Observation,
  fits: string | ((event: PublishedEvent) => boolean),
  { timeoutMs = PATIENCE_MS }: WaitForOptions,
): Promise<PublishedEvent> {
  const [wanted, what] =
    typeof fits === 'string'
      ? [({ event }: PublishedEvent) => event === fits, `the event ${fits}`]
      : [fits, 'a published event'];
  const seen = () =>
    list(
      'Published',
      published.all().map(({ event, channels }) => `${event} on ${channels.join(', ')}`),
    );
  return waits.until(() => published.take(wanted), what, timeoutMs, seen);
}

export function nextWebhook(
  { waits, webhooks }: Observation,
  fits: string | ((webhook: SentWebhook) => boolean),
  { timeoutMs = PATIENCE_MS }: WaitForOptions,
): Promise<SentWebhook> {
  const [wanted, what] =
    typeof fits === 'string'
      ? [({ events }: SentWebhook) => events.some(({ name }) => name === fits), `webhook ${fits}`]
      : [fits, 'a webhook'];
  const probe = () => webhooks.take((each) => isAnswered(each) && wanted(each));
  const seen = () => list('Webhooks', webhooks.all().map(described));
  return waits.until(probe, what, timeoutMs, seen);
}

export function subscriptionTo(
  state: Observation,
  channel: string,
  { timeoutMs = PATIENCE_MS, count = 1, appId }: SubscriptionWaitForOptions,
): Promise<ConnectionState[]> {
  const probe = () => {
    const found = state
      .connectionStates()
      .filter(
        (each) => each.channels.includes(channel) && (appId === undefined || each.appId === appId),
      );
    return found.length >= count ? found : undefined;
  };
  const what = `${count} on channel ${channel}`;
  return state.waits.until(probe, what, timeoutMs, () => whoIsWhere(state.connectionStates()));
}

export async function until(
  state: Observation,
  condition: () => boolean,
  what: string,
  { timeoutMs = PATIENCE_MS }: WaitForOptions,
): Promise<void> {
  const probe = () => (condition() ? true : undefined);
  await state.waits.until(probe, what, timeoutMs, () => whoIsWhere(state.connectionStates()));
}

/** Whether the application has answered, or there is nowhere to send to. */
function isAnswered({ url, attempts }: SentWebhook): boolean {
  return url === undefined || attempts.length > 0;
}

function described({ events, attempts }: SentWebhook): string {
  const names = events.map(({ name }) => name).join(' + ');
  const last = attempts.at(-1);
  return last ? `${names} (${last.status ?? last.error})` : names;
}

function whoIsWhere(connections: readonly ConnectionState[]): string {
  return list(
    'Connected',
    connections.map(
      ({ socketId, channels }) => `${socketId} on ${channels.join(', ') || 'nothing'}`,
    ),
  );
}

function list(what: string, items: readonly string[]): string {
  return `${what}: ${items.length > 0 ? items.slice(-20).join('; ') : 'none'}.`;
}
