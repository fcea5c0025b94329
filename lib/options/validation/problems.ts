import { type ValidationError, validateSync } from 'class-validator';
import { hasFields } from '../../protocol/wire.js';
import { type SettingsClass, groupOf } from './rules.js';

/** Names that other Pusher libraries use for an option, in lower case, and its name here. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  id: 'appId',
  app_id: 'appId',
  app_key: 'key',
  app_secret: 'secret',
  encrypted: 'useTLS',
  usetls: 'useTLS',
  forcetls: 'useTLS',
  tls: 'useTLS` or `http.tls',
  scheme: 'useTLS',
  hostname: 'host',
  apihost: 'host',
  path: 'pathPrefix',
  path_prefix: 'pathPrefix',
  timeout: 'timeoutMs',
  encryptionmasterkey: 'encryptionMasterKeyBase64',
  encryption_master_key_base64: 'encryptionMasterKeyBase64',
  proxy: 'http.proxy',
  headers: 'http.headers',
  agent: 'http.maxConnections` and `http.proxy',
  keepalive: 'http.keepAliveTimeoutMs',
  retries: 'retry.maxAttempts',
  batch: 'batching',
};

/** The problems with options that break the rules of their class, one sentence each. */
export function problemsOf(settings: SettingsClass, options: object): string[] {
  const errors = validateSync(withRules(settings, options) as object, {
    whitelist: true,
    forbidNonWhitelisted: true,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
  });
  return errors.flatMap((error) => sentences(error, ''));
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

function sentences({ property, constraints, children }: ValidationError, owner: string): string[] {
  const path = /^\d+$/.test(property)
    ? `${owner}[${property}]`
    : [owner, property].filter(Boolean).join('.');
  const own = Object.entries(constraints ?? {}).map(([name, message]) =>
    name === 'whitelistValidation' ? unknownOption(path, property) : `\`${path}\` ${message}.`,
  );
  return [...own, ...(children ?? []).flatMap((child) => sentences(child, path))];
}

function unknownOption(path: string, property: string): string {
  const meant = OTHER_NAMES[property.toLowerCase()];
  return `\`${path}\` is not an option${meant === undefined ? '; check its spelling' : `; use \`${meant}\``}.`;
}
