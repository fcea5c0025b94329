import { randomUUID } from 'node:crypto';
import { PusherOptionsError } from '../errors/pusher-options.error.js';
import { PusherValidationError } from '../errors/pusher-validation.error.js';
import { isRecord, typeName } from '../protocol/arguments.js';
import { checkEventName, quoted } from '../protocol/names.js';
import { LIMITS, type ServerRules } from '../protocol/limits.js';
import { Secret } from '../runtime/secret.js';
import { ConnectionUrlFault, parseConnectionUrl } from './address/connection-url.js';
import { type Address, addressOf, endpointOf } from './address/endpoint.js';
import { proxyFromEnvironment } from './address/proxy.js';
import { BatchingSettings } from './batching.options.js';
import { type Environment, withEnvironment } from './environment.js';
import { fromStrings } from './validation/from-strings.js';
import { type HttpOptions, HttpSettings, isProxyAddress } from './http.options.js';
import {
  type PusherCredentials,
  type PusherModuleOptions,
  PusherModuleSettings,
} from './pusher-module-options.js';
import {
  type Credentials,
  DEFAULT_APP,
  type PusherOptions,
  type ResolvedHttpOptions,
} from './pusher-options.js';
import { RetrySettings } from './retry.options.js';
import { problemsOf } from './validation/problems.js';
import { WebhookDedupeSettings, type WebhookOptions, WebhookSettings } from './webhook.options.js';
import { given, type Optional } from './given-options.js';

/** Options that `url` contains. */
const PARTS_OF_URL = [
  'appId',
  'key',
  'secret',
  'cluster',
  'host',
  'port',
  'pathPrefix',
  'useTLS',
] as const;

/**
 * Checks what an application wrote and fills in the defaults.
 * @throws PusherOptionsError which lists everything that is wrong
 */
export function resolveOptions(
  written: PusherModuleOptions,
  environment: Environment,
  name: string = DEFAULT_APP,
): PusherOptions {
  const {
    appId = '',
    key = '',
    secret = '',
    previousCredentials,
    encryptionMasterKeyBase64,
    host,
    cluster,
    port,
    useTLS,
    pathPrefix = '',
    signPathPrefix,
    limits,
    retry,
    batching,
    webhooks,
    http,
    ...others
  } = withDefaults(PusherModuleSettings, checked(written, environment));
  const address = addressOf({ host, cluster, port, useTLS });
  // Reverb routes below its prefix, and verifies the rest of the path.
  const signsPrefix = signPathPrefix ?? others.server !== 'reverb';
  const allLimits = { ...LIMITS[others.server], ...given(limits) };
  checkEvents(Object.keys(others.events ?? {}), { server: others.server, limits: allLimits });
  return {
    ...others,
    name,
    appId: String(appId),
    credentials: credentialsOf({ key, secret }),
    previousCredentials: previousCredentials.map(credentialsOf),
    ...(encryptionMasterKeyBase64 !== undefined && {
      masterKey: new Secret<Uint8Array>(Buffer.from(encryptionMasterKeyBase64, 'base64')),
    }),
    endpoint: endpointOf(address, String(appId), pathPrefix, signsPrefix),
    limits: allLimits,
    retry: withDefaults(RetrySettings, retry === false ? { maxAttempts: 1 } : retry),
    ...(batching !== false && {
      batching: withDefaults(BatchingSettings, batching === true ? {} : batching),
    }),
    webhooks: webhooksOf(webhooks),
    http: httpOf(http, address, environment),
  };
}

/** Refuses declared events whose names the server would refuse. Which these are depends on other options. */
function checkEvents(names: readonly string[], rules: ServerRules): void {
  const problems = names.flatMap((name) => {
    try {
      checkEventName(name, `events[${quoted(name)}]`, rules);
      return [];
    } catch (error) {
      if (!(error instanceof PusherValidationError)) throw error;
      return [error.message];
    }
  });
  if (problems.length > 0) throw new PusherOptionsError(problems);
}

/** The written options without what was left out, completed from the environment and the URL. */
function checked(written: PusherModuleOptions, environment: Environment): PusherModuleOptions {
  if (!isRecord(written))
    throw new PusherOptionsError([
      `The factory returned ${typeName(written)}; it must return an object with options, such as { url: process.env.PUSHER_URL }.`,
    ]);
  const { options: completed, variables } = withEnvironment(written, environment);
  const options = withoutApp(fromStrings(PusherModuleSettings, completed));
  const problems = [
    ...problemsOf(PusherModuleSettings, options).map((problem) => withVariable(problem, variables)),
    ...identityProblems(options),
  ];
  const parts = problems.length === 0 ? withUrl(options, problems, variables) : options;
  if (problems.length > 0) throw new PusherOptionsError(problems);
  return parts;
}

/**
 * The options with an invented app where nothing is sent and none is given. Its secret is random: a known
 * one would verify forged webhooks.
 */
function withoutApp(options: PusherModuleOptions): PusherModuleOptions {
  const { delivery, url, appId, key, secret } = options;
  if (delivery !== 'log' && delivery !== 'off') return options;
  if ([url, appId, key, secret].some((part) => part !== undefined)) return options;
  return { ...options, appId: 'no-app', key: 'no-key', secret: randomUUID() };
}

/** Says which environment variable the option of the problem comes from, if it comes from one. */
function withVariable(problem: string, variables: ReadonlyMap<string, string>): string {
  const variable = variables.get(/^`(\w+)`/.exec(problem)?.[1] ?? '');
  if (variable === undefined) return problem;
  const form = variable === 'PUSHER_SCHEME' ? ', which must be https or http' : '';
  return `${problem} It comes from ${variable}${form}.`;
}

/** Whether the app is identified, and only once. */
function identityProblems(options: PusherModuleOptions): string[] {
  if (options.url !== undefined)
    return PARTS_OF_URL.filter((part) => options[part] !== undefined).map(
      (part) => `\`${part}\` is also part of \`url\`. Pass only one of the two.`,
    );
  const missing = (['appId', 'key', 'secret'] as const).filter(
    (part) => options[part] === undefined,
  );
  if (missing.length === 3)
    return [
      'No app is given. Set PUSHER_URL, or PUSHER_APP_ID, PUSHER_APP_KEY and PUSHER_APP_SECRET, or pass the app to PusherModule.forRoot().',
    ];
  return missing.map(
    (part) =>
      `\`${part}\` is missing. It is on the "App Keys" page of the app, next to the others.`,
  );
}

/** Replaces the URL by its parts, and checks them as if they had been written. */
function withUrl(
  options: PusherModuleOptions,
  problems: string[],
  variables: ReadonlyMap<string, string>,
): PusherModuleOptions {
  if (options.url === undefined) return options;
  try {
    const { url, ...rest } = options;
    const parts = { ...rest, ...parseConnectionUrl(url) };
    const found = problemsOf(PusherModuleSettings, parts);
    const source = variables.get('url') ?? '`url`';
    problems.push(...found.map((problem) => `${problem} It comes from ${source}.`));
    return parts;
  } catch (error) {
    if (!(error instanceof ConnectionUrlFault)) throw error;
    problems.push(withVariable(`\`url\` ${error.message}.`, variables));
    return options;
  }
}

function credentialsOf({ key, secret }: PusherCredentials): Credentials {
  return { key, secret: new Secret(secret) };
}

function webhooksOf(written: WebhookOptions): PusherOptions['webhooks'] {
  const { dedupe, ...others } = withDefaults(WebhookSettings, written);
  if (dedupe === false) return others;
  return { ...others, dedupe: withDefaults(WebhookDedupeSettings, dedupe === true ? {} : dedupe) };
}

function httpOf(
  written: HttpOptions,
  address: Address,
  environment: Environment,
): ResolvedHttpOptions {
  const settings = withDefaults(HttpSettings, written);
  const { proxy = environmentProxy(address, environment), tls, headers, axios, ...rest } = settings;
  return {
    ...rest,
    ...(given(written).maxConnections !== undefined && { isMaxConnectionsSet: true }),
    ...(proxy && { proxy: new Secret(proxy) }),
    ...(tls && { tls: new Secret(tls) }),
    ...(headers && { headers: new Secret({ ...headers }) }),
    ...(axios && { axios: new Secret(axios) }),
  };
}

function environmentProxy(address: Address, environment: Environment): string | undefined {
  const proxy = proxyFromEnvironment(address, environment);
  if (proxy === undefined || isProxyAddress(proxy)) return proxy;
  throw new PusherOptionsError([
    'The environment sets a proxy (HTTPS_PROXY, HTTP_PROXY or ALL_PROXY) that is not a valid address such as http://proxy.example:3128. Correct it, list the host in NO_PROXY, or set `http.proxy`.',
  ]);
}

/** The written options, and for those that were left out the initial values of the class. */
function withDefaults<Settings extends object>(
  settings: new () => Settings,
  written: Optional<Settings>,
): Settings {
  return given({ ...new settings(), ...given(written) });
}
