import { parseArgs } from 'node:util';
import type { PusherTestServerOptions, TestAppOptions } from '../server/options.js';

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
                          an app; may be given several times (default local:local-key:local-secret)
      --webhook-url <url> where the webhooks of all apps go
      --path-prefix <path>
                          comes before every path, such as /realtime
      --json              one JSON object per line, for other programs
  -h, --help              show this help

Press Ctrl-C to stop.
`;

const DEFAULT_APP: TestAppOptions = { id: 'local', key: 'local-key', secret: 'local-secret' };
const DEFAULT_PORT = 6001;

/** @throws UsageError */
export function commandIn(argv: readonly string[]): Command {
  const values = parse(argv);
  if (values.help) return { kind: 'help' };
  const apps = values.app?.map(appIn) ?? [DEFAULT_APP];
  return {
    kind: 'serve',
    json: values.json ?? false,
    server: {
      port: values.port === undefined ? DEFAULT_PORT : portIn(values.port),
      ...(values.host !== undefined && { host: values.host }),
      apps,
      ...(values['webhook-url'] !== undefined && { webhookUrl: urlIn(values['webhook-url']) }),
      ...(values['path-prefix'] !== undefined && { pathPrefix: values['path-prefix'] }),
    },
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string', short: 'p' },
        host: { type: 'string' },
        app: { type: 'string', multiple: true },
        'webhook-url': { type: 'string' },
        'path-prefix': { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The secret comes last, so it may contain colons. */
function appIn(value: string): TestAppOptions {
  const [, id, key, secret] = /^([^:]+):([^:]+):(.+)$/.exec(value) ?? [];
  if (id === undefined || key === undefined || secret === undefined)
    throw new UsageError('--app takes id:key:secret, for example --app chat:chat-key:chat-secret');
  return { id, key, secret };
}

function portIn(value: string): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Infinity;
  if (port > 65_535) throw new UsageError('--port takes a number from 0 to 65535');
  return port;
}

function urlIn(value: string): string {
  if (/^https?:$/.test(URL.canParse(value) ? new URL(value).protocol : '')) return value;
  throw new UsageError(
    '--webhook-url takes an http or https URL, such as http://localhost:3000/pusher/webhooks',
  );
}
