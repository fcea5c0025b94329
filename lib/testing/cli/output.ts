import { type ServerActivity, withoutSignature } from '../server/observe/activity.js';
import type { SentWebhook } from '../server/observe/records.js';
import type { WireWebhookEvent } from '../server/webhooks/event.js';
import type { PusherTestServer } from '../server/pusher-test-server.js';

/** Colours a string, or returns it as it is. */
export type Painter = (colour: Colour, text: string) => string;

type Colour = keyof typeof CODES;

const CODES = { dim: 2, bold: 1, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 };

/** Colours are for people at a terminal who have not switched them off (no-color.org). */
export function painterFor(isTerminal: boolean, env: Readonly<NodeJS.ProcessEnv>): Painter {
  const wanted = isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  return wanted
    ? (colour, text) => `\u001B[${CODES[colour]}m${text}\u001B[0m`
    : (_colour, text) => text;
}

/** The settings for application and client, printed once when the server is up. */
export function greeting(
  server: PusherTestServer,
  appIds: readonly string[],
  paint: Painter,
): string {
  const blocks = appIds.map((id) => {
    const { key, encryptionMasterKeyBase64: masterKey } = server.optionsOf(id);
    return [
      paint('bold', `App ${id}`),
      `  PUSHER_URL=${server.urlOf(id)}`,
      `  PUSHER_ENCRYPTION_MASTER_KEY=${masterKey}`,
      `  new Pusher(${JSON.stringify(key)}, ${inJavaScript(server.clientOptions)})`,
    ].join('\n');
  });
  return `${blocks.join('\n\n')}\n\n${paint('dim', 'Listening. Press Ctrl-C to stop.')}`;
}

/** The same for programs. */
export function greetingJson(server: PusherTestServer, appIds: readonly string[]): string {
  const apps = appIds.map((id) => ({ ...server.optionsOf(id), url: server.urlOf(id) }));
  return JSON.stringify({ type: 'listening', apps, clientOptions: server.clientOptions });
}

function inJavaScript(value: object): string {
  return JSON.stringify(value)
    .replace(/"(\w+)":/g, ' $1: ')
    .replaceAll('"', "'")
    .replace(/}$/, ' }');
}

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
  showApp: boolean,
): string {
  const time = paint('dim', at.toTimeString().slice(0, 8));
  const type = paint(COLOURS[activity.type], activity.type.replace('_', ' ').padEnd(TYPE_WIDTH));
  const app = showApp && activity.appId !== undefined ? `${paint('dim', activity.appId)} ` : '';
  return `${time} ${type} ${app}${printable(describe(activity))}`;
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
    ...(activity.type === 'refused' && { message: withoutSignature(activity.message) }),
  });
}

type Of<Type> = Extract<ServerActivity, { type: Type }>;

const DESCRIPTIONS: { readonly [Type in ServerActivity['type']]: (activity: Of<Type>) => string } =
  {
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
    webhook: ({ webhook }) => describeWebhook(webhook),
    refused: ({ message }) => withoutSignature(message),
  };

function describe<Type extends ServerActivity['type']>(
  activity: Of<Type> & { type: Type },
): string {
  return DESCRIPTIONS[activity.type](activity);
}

function describeWebhook({ events, attempts }: SentWebhook): string {
  const names = events.map(describeWebhookEvent).join(', ');
  const last = attempts.at(-1);
  return `${names} → ${last?.status ?? last?.error}`;
}

/** Member events and those of clients say whose they are. */
function describeWebhookEvent({ name, channel, user_id: userId }: WireWebhookEvent): string {
  const whose = typeof userId === 'string' ? ` by user ${userId}` : '';
  return `${name} ${String(channel)}${whose}`;
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
