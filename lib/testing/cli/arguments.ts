import { parseArgs } from 'node:util';
import type { PusherTestServerOptions, TestAppOptions } from '../server/options.js';

/** What a command line asks for. */
export type Command =
  { kind: 'help' } | { kind: 'serve'; json: boolean; server: PusherTestServerOptions };

/** A command line that cannot be obeyed. The message says how to write it. */
export class UsageError extends Error {}

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

/** The secret comes last, so it may have colons in it. */
function appIn(text: string): TestAppOptions {
  const [, id, key, secret] = /^([^:]+):([^:]+):(.+)$/.exec(text) ?? [];
  if (id === undefined || key === undefined || secret === undefined)
    throw new UsageError('--app takes id:key:secret, for example --app chat:chat-key:chat-secret');
  return { id, key, secret };
}

function portIn(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Infinity;
  if (port > 65_535) throw new UsageError('--port takes a number from 0 to 65535');
  return port;
}

function urlIn(text: string): string {
  if (/^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '')) return text;
  throw new UsageError(
    '--webhook-url takes an http or https address, such as http://localhost:3000/pusher/webhooks',
  );
}
