import { Secret } from '../../../lib/runtime/secret.js';
import type { PusherOptions } from '../../../lib/options/pusher-options.js';
import { LIMITS } from '../../../lib/protocol/limits.js';

/** What tests change; the nested parts are merged. */
export type RawOptions = Partial<Omit<PusherOptions, 'http' | 'retry' | 'endpoint'>> & {
  http?: Partial<PusherOptions['http']>;
  retry?: Partial<PusherOptions['retry']>;
  endpoint?: Partial<PusherOptions['endpoint']>;
};

const RAW_KEY = 'raw-key';
const RAW_SECRET = 'raw-secret-that-must-not-show';

/** Resolved options for tests of the parts below the module. */
export function rawOptions({ http, retry, endpoint, ...more }: RawOptions = {}): PusherOptions {
  return {
    name: 'default',
    appId: '3',
    credentials: { key: RAW_KEY, secret: new Secret(RAW_SECRET) },
    previousCredentials: [],
    server: 'pusher',
    limits: LIMITS.pusher,
    timeoutMs: 2000,
    shutdownTimeoutMs: 2000,
    webhooks: { handlerTimeoutMs: 30_000 },
    delivery: 'send',
    serialize: JSON.stringify,
    ...more,
    endpoint: {
      origin: 'http://127.0.0.1:9',
      pathPrefix: '',
      appPath: '/apps/3',
      signPathPrefix: true,
      ...endpoint,
    },
    retry: {
      maxAttempts: 3,
      baseDelayMs: 1,
      maxDelayMs: 20,
      deadlineMs: 10_000,
      retryUnanswered: false,
      ...retry,
    },
    http: {
      maxConnections: 64,
      isMaxConnectionsSet: true,
      keepAliveTimeoutMs: 10_000,
      maxResponseBytes: 5 * 1024 * 1024,
      ...http,
    },
  };
}
