import type { Credentials, PusherOptions } from '../../../lib/options/pusher-options.js';
import { LIMITS } from '../../../lib/protocol/limits.js';
import { Secret } from '../../../lib/runtime/secret.js';

/** Key and secret as tests write them. */
export interface TestCredentials {
  key: string;
  secret: string;
}

export const CREDENTIALS: TestCredentials = {
  key: 'test-key-0123456789',
  secret: 'test-secret-abcdef',
};

function resolved({ key, secret }: TestCredentials): Credentials {
  return { key, secret: new Secret(secret) };
}

/** Resolved options of an app, with the parts that webhooks need. */
export function webhookApp({
  name = 'default',
  credentials = CREDENTIALS,
  previousCredentials = [],
  masterKey,
  webhooks = {},
  ...rest
}: {
  name?: string;
  credentials?: TestCredentials;
  previousCredentials?: TestCredentials[];
  masterKey?: Uint8Array;
  webhooks?: Partial<PusherOptions['webhooks']>;
  shutdownTimeoutMs?: number;
} = {}): PusherOptions {
  return {
    name,
    appId: `id-of-${name}`,
    credentials: resolved(credentials),
    previousCredentials: previousCredentials.map(resolved),
    ...(masterKey && { masterKey: new Secret(masterKey) }),
    endpoint: {
      origin: 'http://127.0.0.1:1',
      pathPrefix: '',
      appPath: `/apps/id-of-${name}`,
      signPathPrefix: true,
    },
    server: 'pusher',
    limits: LIMITS.pusher,
    timeoutMs: 5000,
    shutdownTimeoutMs: 5000,
    retry: {
      maxAttempts: 1,
      baseDelayMs: 1,
      maxDelayMs: 1,
      deadlineMs: 1,
      retryUnanswered: false,
    },
    webhooks: { handlerTimeoutMs: 30_000, ...webhooks },
    http: { maxConnections: 1, keepAliveTimeoutMs: 1, maxResponseBytes: 1 },
    delivery: 'send',
    serialize: JSON.stringify,
    ...rest,
  };
}
