import {
  argumentShape,
  checkArgument,
  invalidArgument,
  meantName,
  shownValue,
  whatWasGiven,
} from '../../protocol/arguments.js';
import { quoted, quotedGiven } from '../../protocol/names.js';
import { WEBHOOK_NAMES, type WebhookName } from './webhooks/event.js';

const MAX_PORT = 65_535;

const CREDENTIALS = argumentShape('field', "{ key: 'old-key', secret: 'old-secret' }", [
  'key',
  'secret',
]);

/**
 * What options must be besides their types, by their names. Each throws a `PusherValidationError` that
 * names the argument.
 */
export const OPTION_CHECKS: Readonly<Record<string, (value: unknown, argument: string) => void>> = {
  port: checkPort,
  webhookUrl: checkUrl,
  id: checkIdentity,
  key: checkIdentity,
  secret: checkIdentity,
  webhookEvents: checkNames,
  encryptionMasterKeyBase64(value, argument) {
    if (Buffer.from(String(value), 'base64').length === 32) return;
    // The value may be the key of a real app.
    throw invalidArgument(
      argument,
      'must be 32 bytes in base64. Generate one with: openssl rand -base64 32',
    );
  },
  batchWindowMs(value, argument) {
    if (value === true)
      throw invalidArgument(argument, 'must be a number of milliseconds, or false; true was given');
  },
  previousCredentials(value, argument) {
    for (const [at, entry] of (value as unknown[]).entries()) {
      checkArgument(entry, `${argument}[${at}]`, CREDENTIALS, `${argument}[${at}].`);
      const { key, secret } = entry as { key?: unknown; secret?: unknown };
      checkIdentity(key, `${argument}[${at}].key`);
      checkIdentity(secret, `${argument}[${at}].secret`);
    }
  },
  clock(value, argument) {
    const { now, sleep } = value as { now?: unknown; sleep?: unknown };
    if (typeof now === 'function' && typeof sleep === 'function') return;
    throw invalidArgument(
      argument,
      'must have the methods now and sleep, such as new ManualClock()',
    );
  },
  pathPrefix(value, argument) {
    const path = String(value);
    if (path === '' || /^(?:\/[A-Za-z0-9._~!$&'()*+,;=:@%-]+)+\/?$|^\/$/.test(path)) return;
    const fixed = path.startsWith('/') ? '' : `, for example ${quoted(`/${path}`)}`;
    throw invalidArgument(
      argument,
      `must be a path that begins with a slash${fixed}; ${quotedGiven(path)}`,
    );
  },
};

/** An id, key or secret: signatures, and the paths of requests, contain them. */
function checkIdentity(value: unknown, argument: string): void {
  if (typeof value === 'number') return;
  if (typeof value !== 'string' || value === '')
    throw invalidArgument(argument, `must be a non-empty string; ${whatWasGiven(value)}`);
  if (value !== value.trim())
    throw invalidArgument(argument, 'has white space around it. Remove it');
}

function checkPort(value: unknown, argument: string): void {
  if (Number.isInteger(value) && Number(value) <= MAX_PORT) return;
  throw invalidArgument(
    argument,
    `must be a whole number from 0 to ${MAX_PORT}; ${shownValue(value)}`,
  );
}

/** @throws PusherValidationError when webhooks cannot be sent there */
export function checkUrl(value: unknown, argument: string): void {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return;
  throw invalidArgument(
    argument,
    `must be an http or https URL, such as http://localhost:3000/pusher/webhooks; ${quotedGiven(value)}`,
  );
}

function checkNames(value: unknown, argument: string): void {
  for (const [at, name] of (value as unknown[]).entries())
    checkWebhookName(name, `${argument}[${at}]`);
}

/** @throws PusherValidationError when the server sends no webhooks of that name */
export function checkWebhookName(name: unknown, argument: string): asserts name is WebhookName {
  if (WEBHOOK_NAMES.some((each) => each === name)) return;
  const meant = typeof name === 'string' ? meantName(name, WEBHOOK_NAMES) : undefined;
  const remedy = meant === undefined ? '' : `. Write '${meant}'`;
  throw invalidArgument(
    argument,
    `must be one of ${WEBHOOK_NAMES.join(', ')}; ${quotedGiven(name)}${remedy}`,
  );
}

/** @throws PusherValidationError for a code with which no server may close a WebSocket */
export function checkCloseCode(code: unknown, argument: string): void {
  const isCode = Number.isInteger(code) && Number(code) >= 3000 && Number(code) <= 4999;
  if (isCode || code === 1000 || code === 'cut') return;
  throw invalidArgument(
    argument,
    `must be 1000, a number from 3000 to 4999, or 'cut'; ${shownValue(code)}`,
  );
}
