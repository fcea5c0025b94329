import { type ValidationError, validateSync } from 'class-validator';
import { listed, meantName, normalized, shownName } from '../../protocol/arguments.js';
import { hasFields } from '../../protocol/json.js';
import { type SettingsClass, groupOf } from './rules.js';

/** Names that other Pusher libraries use for an option, normalized, and its name here. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    id: 'appId',
    appkey: 'key',
    appsecret: 'secret',
    appcluster: 'cluster',
    encrypted: 'useTLS',
    forcetls: 'useTLS',
    tls: 'useTLS` or `http.tls',
    scheme: 'useTLS',
    hostname: 'host',
    apihost: 'host',
    path: 'pathPrefix',
    basepath: 'pathPrefix',
    wshost: 'host',
    wsport: 'port',
    timeout: 'timeoutMs',
    encryptionmasterkey: 'encryptionMasterKeyBase64',
    proxy: 'http.proxy',
    headers: 'http.headers',
    agent: 'http.maxConnections` and `http.proxy',
    keepalive: 'http.keepAliveTimeoutMs',
    retries: 'retry.maxAttempts',
    batch: 'batching',
    attempts: 'retry.maxAttempts',
    maxretries: 'retry.maxAttempts',
    tolerance: 'webhooks.toleranceMs',
    ttl: 'webhooks.dedupe.ttlMs',
  }),
);

/** What shapes the module and not the app, normalized. A factory, which runs later, cannot set it. */
const OF_THE_MODULE: ReadonlySet<string> = new Set(['name', 'isglobal', 'global']);

/** The problems with options that break the rules of their class, one sentence each. */
export function problemsOf(settings: SettingsClass, options: object): string[] {
  const errors = validateSync(withRules(settings, options) as object, {
    whitelist: true,
    forbidNonWhitelisted: true,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
  });
  return errors.flatMap((error) => sentences(error, '', settings));
}

/**
 * A copy as an instance of the class, which carries the rules; the same for its groups. What is not
 * an object stays as it is, and the rule of its option says what it should be.
 */
function withRules(settings: SettingsClass, value: unknown): unknown {
  if (!hasFields(value)) return value;
  const instance = Object.assign(new settings(), value);
  for (const [option, part] of Object.entries(instance) as [string, unknown][]) {
    const kind = groupOf(instance, option);
    if (kind === undefined) continue;
    const copy = Array.isArray(part)
      ? part.map((entry) => withRules(kind, entry))
      : withRules(kind, part);
    Reflect.set(instance, option, copy);
  }
  return instance;
}

function sentences(
  { property, constraints, children }: ValidationError,
  owner: string,
  settings: SettingsClass,
): string[] {
  const isEntry = /^\d+$/.test(property);
  const path = isEntry ? `${owner}[${property}]` : [owner, property].filter(Boolean).join('.');
  const own = Object.entries(constraints ?? {}).map(([name, message]) =>
    name === 'whitelistValidation'
      ? unknownOption(property, owner, settings)
      : `\`${path}\` ${message}.`,
  );
  const inside = isEntry ? settings : (groupOf(new settings(), property) ?? settings);
  return [...own, ...(children ?? []).flatMap((child) => sentences(child, path, inside))];
}

function unknownOption(property: string, owner: string, settings: SettingsClass): string {
  const at = owner === '' ? '' : `${owner}.`;
  return `\`${at}${shownName(property)}\` is not an option; ${remedyFor(property, at, settings)}.`;
}

function remedyFor(property: string, at: string, settings: SettingsClass): string {
  if (at === '' && OF_THE_MODULE.has(normalized(property)))
    return 'pass it to `forRoot` or `forRootAsync` itself, beside `useFactory`';
  const meant = meantOption(property, at, settings);
  if (meant !== undefined) return `use \`${meant}\``;
  return at === ''
    ? 'check its spelling'
    : `the options are ${listed(Object.keys(new settings()))}`;
}

/** The option that was meant, with its path: here, by another name, or in one of the groups. */
function meantOption(property: string, at: string, settings: SettingsClass): string | undefined {
  const options = new settings();
  const names = Object.keys(options);
  const same = names.find((name) => normalized(name) === normalized(property));
  if (same !== undefined) return at + same;
  const other = OTHER_NAMES.get(normalized(property));
  if (other !== undefined) return other;
  const similar = meantName(property, names);
  if (similar !== undefined) return at + similar;
  return names
    .flatMap((name) => groupNames(options, name))
    .find((path) => path.endsWith(`.${property}`));
}

function groupNames(owner: object, option: string): string[] {
  const group = groupOf(owner, option);
  return group === undefined ? [] : Object.keys(new group()).map((name) => `${option}.${name}`);
}
