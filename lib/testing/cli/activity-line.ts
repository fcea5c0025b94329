import type { ServerActivity } from '../server/observe/activity.js';
import type { SentWebhook } from '../server/observe/records.js';
import type { Colour, Painter } from './painter.js';

const COLOURS: Readonly<Record<ServerActivity['type'], Colour>> = {
  connected: 'dim',
  disconnected: 'dim',
  subscribed: 'green',
  unsubscribed: 'yellow',
  signed_in: 'green',
  client_event: 'cyan',
  published: 'blue',
  webhook: 'magenta',
  refused: 'red',
};

const MAX_DATA = 120;
const TYPE_WIDTH = 12;

/** One line for people about something that happened. */
export function activityLine(
  activity: ServerActivity,
  at: Date,
  paint: Painter,
  appsNamed: boolean,
): string {
  const time = paint('dim', at.toTimeString().slice(0, 8));
  const type = paint(COLOURS[activity.type], activity.type.replace('_', ' ').padEnd(TYPE_WIDTH));
  const app = appsNamed && activity.appId !== undefined ? `${paint('dim', activity.appId)} ` : '';
  return `${time} ${type} ${app}${printable(told(activity))}`;
}

/** The same for programs: what happened, and when in milliseconds since 1970. */
export function activityJson(activity: ServerActivity, at: Date): string {
  const shown =
    activity.type === 'webhook'
      ? { ...activity, webhook: withoutHeaders(activity.webhook) }
      : activity;
  return JSON.stringify({
    atMs: at.getTime(),
    ...shown,
    ...(activity.type === 'refused' && { message: safe(activity.message) }),
  });
}

type Of<Type> = Extract<ServerActivity, { type: Type }>;

const TOLD: { readonly [Type in ServerActivity['type']]: (activity: Of<Type>) => string } = {
  connected: ({ socketId }) => socketId,
  disconnected: ({ socketId, code }) => `${socketId} (${code})`,
  subscribed: ({ channel, socketId, userId }) =>
    `${channel} by ${userId === undefined ? '' : `user ${userId} on `}${socketId}`,
  unsubscribed: ({ channel, socketId }) => `${channel} by ${socketId}`,
  signed_in: ({ userId, socketId }) => `${userId} on ${socketId}`,
  client_event: ({ event, channel, socketId, data }) =>
    `${event} on ${channel} by ${socketId} ${cut(JSON.stringify(data) ?? '')}`,
  published: ({ published: { event, channels, data } }) =>
    `${event} on ${channels.join(', ')} ${cut(data)}`,
  webhook: ({ webhook }) => webhookTold(webhook),
  refused: ({ message }) => safe(message),
};

function told<Type extends ServerActivity['type']>(activity: Of<Type> & { type: Type }): string {
  return TOLD[activity.type](activity);
}

function webhookTold({ events, attempts }: SentWebhook): string {
  const names = events.map(({ name, channel }) => `${name} ${String(channel)}`).join(', ');
  const last = attempts.at(-1);
  return `${names} → ${last?.status ?? last?.error}`;
}

/** The signature that came with a refused request is of no use to a reader. */
function safe(message: string): string {
  return message.replace(/[,:]? (?:but (?:you sent|got)|you should have sent) .*/s, '');
}

function withoutHeaders({ appId, url, events, attempts, delivered }: SentWebhook) {
  return { appId, url, events, attempts, delivered };
}

function cut(data: string): string {
  return data.length > MAX_DATA ? `${data.slice(0, MAX_DATA)}…` : data;
}

/** What clients send must not move the cursor of the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}
