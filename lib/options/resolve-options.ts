import { PusherOptionsError } from '../errors/pusher-options.error.js';
import { LIMITS } from '../protocol/limits.js';
import { Secret } from '../runtime/secret.js';
import type { BatchingOptions } from './batching.options.js';
import { problemsOf } from './validation/problems.js';
import { completeProblems } from './validation/complete.js';
import { ConnectionUrlFault, parseConnectionUrl } from './connection-url.js';
import { addressOf, endpointOf } from './endpoint.js';
import { type Environment, withEnvironment } from './environment.js';
import { given } from './given.js';
import { isProxyAddress, proxyFromEnvironment } from './proxy.js';
import type { PusherModuleOptions, PusherCredentials } from './pusher-module-options.js';
import {
  type Credentials,
  DEFAULT_APP,
  type PusherOptions,
  type ResolvedHttpOptions,
} from './pusher-options.js';
import type { WebhookOptions } from './webhook.options.js';

const RETRY = {
  maxAttempts: 3,
  baseDelayMs: 100,
  maxDelayMs: 2000,
  deadlineMs: 10_000,
  retryUnanswered: false,
} as const;
const BATCHING = {
  maxInFlight: 8,
  maxDelayMs: 1000,
  maxQueued: 10_000,
  whenFull: 'wait',
} as const;
const TIMEOUT_MS = 5000;
/** Twice the time for which Pusher sends a failed webhook again. */
const DEDUPE_TTL_MS = 600_000;
const HTTP = { maxConnections: 64, keepAliveTimeoutMs: 10_000, maxResponseBytes: 5 * 1024 * 1024 };

/**
 * Checks what an application wrote and fills in the rest. The one place where defaults are decided.
 * @throws PusherOptionsError which lists everything that is wrong
 */
export function resolveOptions(
  written: PusherModuleOptions,
  environment: Environment,
  name: string = DEFAULT_APP,
): PusherOptions {
  if (typeof written !== 'object' || written === null)
    throw new PusherOptionsError([
      `The factory gave ${written === null ? 'null' : typeof written} where an object with options belongs.`,
    ]);
  const options = withEnvironment(given(written), environment);
  const problems = [...problemsOf(options), ...completeProblems(options)];
  const parts = problems.length === 0 ? withUrl(options, problems) : options;
  if (problems.length > 0) throw new PusherOptionsError(problems);
  const server = parts.server ?? 'pusher';
  return {
    name,
    server,
    appId: String(parts.appId),
    credentials: credentialsOf({ key: parts.key ?? '', secret: parts.secret ?? '' }),
    previousCredentials: (parts.previousCredentials ?? []).map(credentialsOf),
    ...masterKeyOf(parts.encryptionMasterKeyBase64),
    endpoint: endpointOf(parts),
    limits: { ...LIMITS[server], ...given(parts.limits ?? {}) },
    timeoutMs: parts.timeoutMs ?? TIMEOUT_MS,
    shutdownTimeoutMs: parts.shutdownTimeoutMs ?? TIMEOUT_MS,
    retry: { ...RETRY, ...(parts.retry === false ? { maxAttempts: 1 } : given(parts.retry ?? {})) },
    ...batchingOf(parts.batching),
    webhooks: webhooksOf(parts.webhooks),
    http: httpOf(parts, environment),
    serialize: parts.serialize ?? JSON.stringify,
  };
}

/** Puts the parts of the URL in the place of the URL, and checks them as if they had been written. */
function withUrl(options: PusherModuleOptions, problems: string[]): PusherModuleOptions {
  if (options.url === undefined) return options;
  try {
    const { url, ...rest } = options;
    const parts = { ...rest, ...parseConnectionUrl(url) };
    problems.push(...problemsOf(parts).map((problem) => `${problem} It comes from \`url\`.`));
    return parts;
  } catch (error) {
    if (!(error instanceof ConnectionUrlFault)) throw error;
    problems.push(`\`url\` ${error.message}.`);
    return options;
  }
}

function credentialsOf({ key, secret }: PusherCredentials): Credentials {
  return { key, secret: new Secret(secret) };
}

function masterKeyOf(base64: string | undefined): Pick<PusherOptions, 'masterKey'> {
  return base64 === undefined
    ? {}
    : { masterKey: new Secret<Uint8Array>(Buffer.from(base64, 'base64')) };
}

function batchingOf(
  batching: BatchingOptions | boolean | undefined,
): Pick<PusherOptions, 'batching'> {
  if (batching === undefined || batching === false) return {};
  return { batching: { ...BATCHING, ...(batching === true ? {} : given(batching)) } };
}

function webhooksOf({ toleranceMs, dedupe }: WebhookOptions = {}): PusherOptions['webhooks'] {
  return given({
    toleranceMs,
    dedupe: dedupe
      ? { ttlMs: DEDUPE_TTL_MS, ...(dedupe === true ? {} : given(dedupe)) }
      : undefined,
  });
}

function httpOf(options: PusherModuleOptions, environment: Environment): ResolvedHttpOptions {
  const { proxy, tls, headers, axios, ...numbers } = options.http ?? {};
  const chosen = proxy ?? environmentProxy(options, environment);
  return {
    ...HTTP,
    ...given(numbers),
    ...(chosen !== undefined && chosen !== false && { proxy: new Secret(chosen) }),
    ...(tls && { tls: new Secret(tls) }),
    ...(headers && { headers: new Secret({ ...headers }) }),
    ...(axios && { axios: new Secret(axios) }),
  };
}

function environmentProxy(
  options: PusherModuleOptions,
  environment: Environment,
): string | undefined {
  const proxy = proxyFromEnvironment(addressOf(options), environment);
  if (proxy === undefined || isProxyAddress(proxy)) return proxy;
  throw new PusherOptionsError([
    'The environment names a proxy (HTTPS_PROXY, HTTP_PROXY or ALL_PROXY) that is no address such as http://proxy.example:3128. Correct it, list the host in NO_PROXY, or set `http.proxy`.',
  ]);
}
