import { Allow, IsOptional, ValidateNested } from 'class-validator';
import type { PusherServer } from '../../protocol/limits.js';
import { LIMITS } from '../../protocol/limits.js';
import { isHost } from '../endpoint.js';
import type { PusherModuleOptions } from '../pusher-module-options.js';
import {
  BatchingDto,
  HttpDto,
  LimitsDto,
  RetryDto,
  CredentialsDto,
  WebhooksDto,
} from './groups.dto.js';
import { check, flag, group, oneOf, wholeNumber } from './rules.js';

const HOUR_MS = 3_600_000;
const LAST_PORT = 65_535;
/** 32 bytes in canonical base64: 43 digits and one `=`. */
const MASTER_KEY = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;
const MASTER_KEY_HELP =
  'must be 32 bytes in base64 (44 characters ending in "="). Make one with: openssl rand -base64 32';

/** The options that an application wrote, with the rules for each. */
export class OptionsDto implements PusherModuleOptions {
  /** Checked by its own parser, which knows which part is wrong. */
  @Allow() url?: string;
  @check('must be the id of the app, a text or a number, from the "App Keys" page', isAppId)
  appId?: string | number;
  @check(
    'must be the key of the app, from the "App Keys" page: no ":" and no white space in it',
    isKey,
  )
  key?: string;
  @check(
    'must be the secret of the app, from the "App Keys" page: no white space around it',
    isSecret,
  )
  secret?: string;
  @check('must be the short name of a cluster, such as "eu" or "mt1"', isCluster) cluster?: string;
  @check(
    'must be a bare host name or IP address, such as "localhost": no scheme, port, path, credentials or spaces. Use `url`, or `port`, `useTLS` and `pathPrefix`, for the rest',
    (value) => typeof value === 'string' && isHost(value),
  )
  host?: string;
  @wholeNumber('TCP port', 1, LAST_PORT) port?: number;
  @check('must be a plain path such as "/pusher", without "..", "?" or "#"', isPathPrefix)
  pathPrefix?: string;
  @flag() signPathPrefix?: boolean;
  @flag() useTLS?: boolean;
  @oneOf(Object.keys(LIMITS)) server?: PusherServer;
  @group() limits?: LimitsDto;
  @wholeNumber('number of milliseconds', 1, HOUR_MS) timeoutMs?: number;
  @wholeNumber('number of milliseconds', 0, HOUR_MS) shutdownTimeoutMs?: number;
  @group('a switch too') retry?: RetryDto | false;
  @group('a switch too') batching?: BatchingDto | boolean;
  @check(MASTER_KEY_HELP, (value) => typeof value === 'string' && MASTER_KEY.test(value))
  encryptionMasterKeyBase64?: string;
  @check('must be a list of { key, secret }', Array.isArray)
  @IsOptional()
  @ValidateNested({ each: true, message: 'must be a list of { key, secret }' })
  previousCredentials?: CredentialsDto[];
  @group() webhooks?: WebhooksDto;
  @group() http?: HttpDto;
  @check('must be a function that turns data into text', (value) => typeof value === 'function')
  serialize?: (data: unknown) => string;
}

function isAppId(value: unknown): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0;
  if (typeof value !== 'string' || value.length > 200) return false;
  // A lone surrogate cannot be percent-encoded, and "." and ".." are not names but ways in a path.
  return value.trim() !== '' && !/\p{Cs}/u.test(value) && value !== '.' && value !== '..';
}

/** A colon would end the key in `<key>:<signature>`. */
function isKey(value: unknown): boolean {
  return typeof value === 'string' && /^[^\s:\p{Cc}]+$/u.test(value);
}

/** White space around a secret is a slip of copying, and the server would only say "wrong signature". */
function isSecret(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value === value.trim();
}

function isCluster(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z0-9]+(?:-[a-z0-9]+)*$/i.test(value);
}

function isPathPrefix(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const segments = value.replace(/^\/|\/$/g, '').split('/');
  return (
    value === '' ||
    value === '/' ||
    segments.every(
      (segment) =>
        /^(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+$/.test(segment) &&
        segment !== '.' &&
        segment !== '..',
    )
  );
}
