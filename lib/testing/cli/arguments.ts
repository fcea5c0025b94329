import { parseArgs } from 'node:util';
import { meantName } from '../../protocol/arguments.js';
import type { PusherTestServerOptions, TestAppOptions } from '../server/options.js';
import { WEBHOOK_NAMES, type WebhookName } from '../server/webhooks/event.js';

/** What a command line requests. */
export type Command =
  { kind: 'help' } | { kind: 'serve'; json: boolean; server: PusherTestServerOptions };

/** A command line that is not valid. The message says how to write it. */
export class UsageError extends Error {}

export const HELP = `pusher-local: a Pusher Channels server on this machine, for development without an account.

Usage: pusher-local [options]

  -p, --port <number>     port to listen on (default 6001; 0 takes any free port)
      --host <name>       interface to listen on (default 127.0.0.1)
      --app <id:key:secret>
                          an app; may be given several times (default 1:local-key:local-secret)
      --path-prefix <path>
                          comes before every path, such as /realtime
      --json              one JSON object per line, for other programs
  -h, --help              show this help

Features of all apps:

      --no-client-events  refuse events from clients
      --subscription-counts
                          send subscription counts, and allow them in queries
      --no-watchlist-events
                          do not say who of a watchlist is online
      --master-key <key>  32 bytes in base64 to print for encrypted channels
      --authorization-timeout <seconds>
                          close connections that have not authorized by then
      --max-connections <number>
                          refuse further connections
      --webhook-url <url> where webhooks go (default: nowhere)
      --webhook-events <names>
                          which webhooks are sent, separated by commas (default: all)
      --webhook-batch <ms>
                          send the events of this time as one webhook
      --webhook-retry     send a webhook again when it fails

Press Ctrl-C to stop.
`;

const DEFAULT_APP: TestAppOptions = { id: '1', key: 'local-key', secret: 'local-secret' };
const DEFAULT_PORT = 6001;

/** @throws UsageError */
export function commandIn(argv: readonly string[]): Command {
  const values = parse(argv);
  if (values.help) return { kind: 'help' };
  const features = featuresIn(values);
  const apps = values.app?.map(appIn) ?? [DEFAULT_APP];
  return {
    kind: 'serve',
    json: values.json ?? false,
    server: given({
      port: read(values.port, portIn) ?? DEFAULT_PORT,
      host: values.host,
      apps: apps.map((app) => ({ ...app, ...features })),
      webhookUrl: read(values['webhook-url'], urlIn),
      webhooks: given({
        batchWindowMs: read(values['webhook-batch'], (value) => countIn('--webhook-batch', value)),
        retry: values['webhook-retry'],
      }),
      pathPrefix: values['path-prefix'],
    }),
  };
}

type Values = ReturnType<typeof parse>;

const OPTIONS = {
  port: { type: 'string', short: 'p' },
  host: { type: 'string' },
  app: { type: 'string', multiple: true },
  'path-prefix': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  'client-events': { type: 'boolean' },
  'subscription-counts': { type: 'boolean' },
  'watchlist-events': { type: 'boolean' },
  'master-key': { type: 'string' },
  'authorization-timeout': { type: 'string' },
  'max-connections': { type: 'string' },
  'webhook-url': { type: 'string' },
  'webhook-events': { type: 'string' },
  'webhook-batch': { type: 'string' },
  'webhook-retry': { type: 'boolean' },
} as const;

/** The options as they are written; those that are on or off can be negated. */
const FLAGS = Object.entries(OPTIONS).flatMap(([name, { type }]) =>
  type === 'boolean' ? [`--${name}`, `--no-${name}`] : [`--${name}`],
);

/** What other tools call them, and the names of the options of the test server. */
const OTHER_NAMES = new Map(
  Object.entries({
    p: '-p',
    h: '-h',
    prefix: '--path-prefix',
    webhook: '--webhook-url',
    webhooks: '--webhook-url',
    retry: '--webhook-retry',
    webhookretries: '--webhook-retry',
    subscriptioncount: '--subscription-counts',
    encryptionmasterkey: '--master-key',
    encryptionmasterkeybase64: '--master-key',
    key: '--app',
    secret: '--app',
    appid: '--app',
  }),
);

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowNegative: true, options: OPTIONS }).values;
  } catch (error) {
    const { message } = error as Error;
    throw new UsageError(unknownFlag(message) ?? message);
  }
}

/** What is said of an option that there is not, or of one without its dashes, when a known one was meant. */
function unknownFlag(message: string): string | undefined {
  const [, flag] = /^(?:Unknown option|Unexpected argument) '([^']*)'/.exec(message) ?? [];
  const meant = flag === undefined ? undefined : meantName(flag, FLAGS, OTHER_NAMES);
  return meant === undefined ? undefined : `${flag} is not an option; use ${meant}`;
}

function featuresIn(values: Values): TestAppOptions {
  const seconds = read(values['authorization-timeout'], (value) =>
    countIn('--authorization-timeout', value),
  );
  return given({
    clientEvents: values['client-events'],
    subscriptionCount: values['subscription-counts'],
    watchlistEvents: values['watchlist-events'],
    encryptionMasterKeyBase64: read(values['master-key'], masterKeyIn),
    authorizationTimeoutMs: seconds === undefined ? undefined : seconds * 1000,
    maxConnections: read(values['max-connections'], (value) => countIn('--max-connections', value)),
    webhookEvents: read(values['webhook-events'], webhookNamesIn),
  });
}

/** The properties that have a value. */
function given<Options extends object>(options: Options): Partial<Options> {
  const set = Object.entries(options).filter(
    ([, value]) => value !== undefined && !isEmptyObject(value),
  );
  return Object.fromEntries(set) as Partial<Options>;
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function read<T>(value: string | undefined, as: (value: string) => T): T | undefined {
  return value === undefined ? undefined : as(value);
}

/** The secret comes last, so it may contain colons. */
function appIn(value: string): TestAppOptions {
  const [, id, key, secret] = /^([^:]+):([^:]+):(.+)$/.exec(value) ?? [];
  if (id === undefined || key === undefined || secret === undefined)
    throw new UsageError('--app takes id:key:secret, for example --app 7:chat-key:chat-secret');
  return { id, key, secret };
}

function portIn(value: string): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Infinity;
  if (port > 65_535) throw new UsageError('--port takes a number from 0 to 65535');
  return port;
}

function countIn(option: string, value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new UsageError(`${option} takes a whole number`);
}

function urlIn(value: string): string {
  if (/^https?:$/.test(URL.canParse(value) ? new URL(value).protocol : '')) return value;
  throw new UsageError(
    '--webhook-url takes an http or https URL, such as http://localhost:3000/pusher/webhooks',
  );
}

function masterKeyIn(value: string): string {
  if (/^[A-Za-z0-9+/]{43}=$/.test(value)) return value;
  throw new UsageError(
    '--master-key takes 32 bytes in base64. Generate one with: openssl rand -base64 32',
  );
}

function webhookNamesIn(value: string): WebhookName[] {
  return value.split(',').map((name) => {
    const found = WEBHOOK_NAMES.find((each) => each === name.trim());
    if (found !== undefined) return found;
    const meant = meantName(name, WEBHOOK_NAMES);
    throw new UsageError(
      `--webhook-events takes names separated by commas: ${WEBHOOK_NAMES.join(', ')}${meant === undefined ? '' : `. Write ${meant}`}`,
    );
  });
}
