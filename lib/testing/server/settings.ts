import { systemClock } from './clock.js';
import { DEFAULT_LIMITS } from './limits.js';
import type { AppCredentials, PusherTestServerOptions, TestAppOptions } from './options.js';
import { WEBHOOK_NAMES } from './webhooks/webhook-event.js';

/** 32 bytes that everybody knows: encrypted channels work at once, and nobody takes it for a secret. */
const KNOWN_MASTER_KEY = Buffer.from('a master key for tests, 32 bytes').toString('base64');

/** An app with everything filled in. */
export type AppSettings = ReturnType<typeof appSettings>;
/** A server with everything filled in. */
export type ServerSettings = ReturnType<typeof serverSettings>;

/** @throws Error when two apps share an id or a key, or the prefix does not begin with a slash */
export function serverSettings(options: PusherTestServerOptions) {
  const { apps = [{}], webhooks = {}, pathPrefix = '' } = options;
  const settings = {
    port: options.port ?? 0,
    host: options.host ?? '127.0.0.1',
    apps: apps.map((app, at) => appSettings(app, at + 1, options.webhookUrl)),
    webhooks: {
      absenceDelayMs: webhooks.absenceDelayMs ?? 0,
      batchWindowMs: webhooks.batchWindowMs ?? (false as const),
      retry: webhooks.retry ?? false,
      timeoutMs: webhooks.timeoutMs ?? 4000,
    },
    pathPrefix: pathPrefix.replace(/\/+$/, ''),
    signPathPrefix: options.signPathPrefix ?? true,
    verifySignatures: options.verifySignatures ?? true,
    clock: options.clock ?? systemClock,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    activityTimeoutSeconds: options.activityTimeoutSeconds ?? 120,
    pongTimeoutMs: options.pongTimeoutMs ?? 30_000,
    terminationCode: options.terminationCode ?? 4009,
    recordLimit: options.recordLimit ?? Infinity,
    frameLimit: options.frameLimit ?? 10_000,
    onActivity: options.onActivity ?? (() => undefined),
  };
  if (settings.apps.length === 0)
    throw new Error('A server needs an app: leave out `apps` or name one.');
  if (settings.pathPrefix !== '' && !settings.pathPrefix.startsWith('/'))
    throw new Error(`pathPrefix must begin with a slash, for example "/${pathPrefix}".`);
  refuseRepeated(
    'id',
    settings.apps.map(({ id }) => id),
  );
  refuseRepeated(
    'key',
    settings.apps.flatMap(({ tokens }) => tokens.map(({ key }) => key)),
  );
  return settings;
}

function appSettings(options: TestAppOptions, number: number, webhookUrl: string | undefined) {
  const key = options.key ?? `test-key-${number}`;
  const secret = options.secret ?? `test-secret-${number}`;
  const tokens: readonly [AppCredentials, ...AppCredentials[]] = [
    { key, secret },
    ...(options.previousCredentials ?? []).toReversed(),
  ];
  return {
    id: String(options.id ?? `test-app-${number}`),
    key,
    secret,
    /** Newest first. */
    tokens,
    encryptionMasterKeyBase64: options.encryptionMasterKeyBase64 ?? KNOWN_MASTER_KEY,
    enabled: options.enabled ?? true,
    clientEvents: options.clientEvents ?? true,
    subscriptionCount: options.subscriptionCount ?? false,
    watchlistEvents: options.watchlistEvents ?? true,
    tlsOnly: options.tlsOnly ?? false,
    authorizationTimeoutMs: options.authorizationTimeoutMs ?? Infinity,
    maxConnections: options.maxConnections ?? Infinity,
    webhookUrl: options.webhookUrl ?? webhookUrl,
    webhookEvents: new Set<string>(options.webhookEvents ?? WEBHOOK_NAMES),
  };
}

function refuseRepeated(what: string, values: readonly string[]): void {
  const repeated = values.find((value, at) => values.indexOf(value) !== at);
  if (repeated !== undefined)
    throw new Error(`Two apps have the ${what} "${repeated}". Give each its own.`);
}
