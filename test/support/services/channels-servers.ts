import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PusherTestServer } from '../../../lib/testing/index.js';

/** The one app of every server. */
export const APP = { appId: '1', key: 'app-key', secret: 'app-secret' } as const;

/** Where a server listens, and where the webhooks of its app go. */
export interface ServerSetup {
  port: number;
  webhookUrl: string;
}

/** Starts a server with all that its app can have turned on. Resolves when it accepts connections. */
export type StartServer = (setup: ServerSetup) => Promise<AsyncDisposable>;

const ROOT = join(import.meta.dirname, '../../..');
const SOKETI = join(ROOT, 'compat/soketi/node_modules/@soketi/soketi/bin/server.js');

const WEBHOOKS = [
  'channel_occupied',
  'channel_vacated',
  'member_added',
  'member_removed',
  'client_event',
  'cache_miss',
];

/** Our own server, for what is true of Pusher. */
export const startTestServer: StartServer = ({ port, webhookUrl }) => {
  const { appId: id, key, secret } = APP;
  return PusherTestServer.start({
    port,
    webhookUrl,
    apps: [{ id, key, secret, subscriptionCount: true }],
  });
};

/** soketi from compat/soketi. Without `cluster.unicast` it would look for others by broadcast. */
export const startSoketi: StartServer = async ({ port, webhookUrl }) => {
  if (!existsSync(SOKETI))
    throw new Error('soketi is not installed. Run: npm --prefix compat/soketi install');
  const clusterPort = await freeUdpPort();
  const config = {
    host: '127.0.0.1',
    port,
    'metrics.host': '127.0.0.1',
    'metrics.port': await freePort(),
    'cluster.hostname': '127.0.0.1',
    'cluster.port': clusterPort,
    'cluster.unicast': `127.0.0.1:${clusterPort}`,
    shutdownGracePeriod: 0,
    'appManager.array.apps': [
      {
        id: APP.appId,
        key: APP.key,
        secret: APP.secret,
        enabled: true,
        enableClientMessages: true,
        enableUserAuthentication: true,
        webhooks: [{ url: webhookUrl, event_types: WEBHOOKS }],
      },
    ],
  };
  return ServerProcess.start(config, /Server is up/, (file) => [
    process.execPath,
    SOKETI,
    'start',
    `--config=${file}`,
  ]);
};

export const startSockudo: StartServer = async ({ port, webhookUrl }) => {
  const { SOCKUDO_BIN: path } = process.env;
  if (path === undefined) throw new Error('SOCKUDO_BIN is not set. Run: npm run test:servers');
  const config = {
    host: '127.0.0.1',
    port,
    metrics: { enabled: false },
    adapter: { driver: 'local' },
    cache: { driver: 'memory' },
    // Without a queue, which is Redis by default, there are no webhooks.
    queue: { driver: 'memory' },
    rate_limiter: { enabled: false },
    app_manager: {
      driver: 'memory',
      array: {
        apps: [
          {
            id: APP.appId,
            key: APP.key,
            secret: APP.secret,
            enabled: true,
            max_connections: 1000,
            enable_client_messages: true,
            max_client_events_per_second: 100,
            enable_user_authentication: true,
            enable_watchlist_events: true,
            webhooks: [{ url: webhookUrl, event_types: [...WEBHOOKS, 'subscription_count'] }],
          },
        ],
      },
    },
  };
  const server = await ServerProcess.start(config, /http server listening/, (file) => [
    path,
    '-c',
    file,
  ]);
  // It prints the line before it listens.
  await accepts(port);
  return server;
};

/** A process with a configuration file. Ended at the end of `await using`. */
class ServerProcess implements AsyncDisposable {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  /** Resolves once the process has printed that it is ready. */
  static async start(
    config: object,
    ready: RegExp,
    commandFor: (configFile: string) => string[],
  ): Promise<ServerProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'channels-server-'));
    const file = join(folder, 'config.json');
    writeFileSync(file, JSON.stringify(config));
    const [command = '', ...args] = commandFor(file);
    const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const server = new ServerProcess(child, folder);
    const printed: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const end = () => reject(new Error(`${command} has ended:\n${printed.join('\n')}`));
      child.once('error', reject).once('exit', end);
      for (const output of [child.stdout, child.stderr])
        createInterface(output).on('line', (line) => {
          printed.push(line);
          if (ready.test(line)) resolve();
        });
    });
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGKILL');
      await ended;
    }
    rmSync(this.folder, { recursive: true });
  }
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** Resolves when a connection to the port is accepted. */
async function accepts(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  const [isOpen] = (await Promise.race([
    once(socket, 'connect').then(() => [true]),
    once(socket, 'close'),
  ]).catch(() => [false])) as [boolean];
  socket.destroy();
  if (!isOpen) await accepts(port);
}
