import type { AxiosRequestConfig } from 'axios';
import { whatWasGiven } from '../protocol/arguments.js';
import { hasFields } from '../protocol/json.js';
import { quoted } from '../protocol/names.js';
import { isHost } from './address/host-and-path.js';
import type { Optional } from './given-options.js';
import { HOUR_MS, check, checkBy, flag, group, reads, wholeNumber } from './validation/rules.js';

const KIB = 2 ** 10;
const GIB = 2 ** 30;

const PEM = 'must be PEM, as a string or a Buffer';

/** The options of `http.tls`, with rules. */
export class TlsSettings {
  /** Certificates to trust instead of those of Node, in PEM. */
  @check('must be PEM, as a string, a Buffer or a list of these', arePems)
  ca?: string | Buffer | (string | Buffer)[];

  /** Client certificate, in PEM. */
  @check(PEM, isPem)
  cert?: string | Buffer;

  /** Private key of the client certificate, in PEM. */
  @check(PEM, isPem)
  key?: string | Buffer;

  /** Client certificate and private key together, in PKCS#12. */
  @check('must be a Buffer with PKCS#12', (value) => value instanceof Uint8Array)
  pfx?: Buffer;

  /** Passphrase of `key` or `pfx`. */
  @check('must be a string', (value) => typeof value === 'string')
  passphrase?: string;

  /** Name that the certificate of the server must have. @default the host */
  @check('must be a host name', (value) => typeof value === 'string' && isHost(value))
  servername?: string;

  /** Refuse servers whose certificate cannot be trusted. @default true */
  @flag()
  rejectUnauthorized?: boolean;
}

/** TLS settings, in the form of `node:tls`. */
export interface TlsOptions extends Optional<TlsSettings> {}

/** The options of `http`, with defaults and rules. */
export class HttpSettings {
  /**
   * Maximum number of connections to the server. They are made as they are needed, and each carries one
   * request at a time, so that at most `maxConnections / RTT` requests are sent per second. Further
   * requests wait, within `retry.deadlineMs`. When it is left out and the server is so far away that 256
   * limit the rate, more are made while requests wait: 10 for each millisecond of the round trip, at most
   * 1024. A number that is given is never exceeded. @default 256
   */
  @wholeNumber('connections', 1, 100_000)
  maxConnections = 256;

  /**
   * How long an idle connection may be used again, in milliseconds; less if the server announces less
   * (`Keep-Alive`). @default 10000
   */
  @wholeNumber('milliseconds', 1, HOUR_MS)
  keepAliveTimeoutMs = 10_000;

  /**
   * Address of an HTTP proxy, `false` for none.
   * @default HTTPS_PROXY or HTTP_PROXY of the environment, unless NO_PROXY lists the host
   */
  @check(
    'must be false, or an address such as http://proxy.example:3128, without a path, and with "/", "?" and "#" in a password encoded',
    isProxy,
  )
  @reads('boolean')
  proxy?: string | false;

  /** Certificates of a private authority, or of the client. @default the settings of Node */
  @group(TlsSettings, '{ ca: readFileSync("ca.pem") }')
  tls?: TlsOptions;

  /** Headers to add to every request. @default none */
  @checkBy(headersFault)
  headers?: Record<string, string>;

  /** Maximum size of a response, in bytes. @default 5242880 (5 MiB) */
  @wholeNumber('bytes', KIB, GIB)
  maxResponseBytes = 5 * KIB * KIB;

  /** Settings for the axios instance of the module. When set, requests are sent with axios. @default none */
  @check('must be an object with options of axios.create()', hasFields)
  axios?: AxiosRequestConfig;
}

/** Connections, proxy, TLS and headers. */
export interface HttpOptions extends Optional<HttpSettings> {}

function isProxy(value: unknown): boolean {
  return value === false || (typeof value === 'string' && isProxyAddress(value));
}

/** Nothing behind the port: a `/` in a password that is not encoded would make its beginning the host. */
const PROXY = /^https?:\/\/(?:[^/?#\\\s]*@)?[^/?#\\\s@]+\/?$/i;

/** Whether the string is the address of an HTTP proxy. */
export function isProxyAddress(address: string): boolean {
  if (!PROXY.test(address) || !URL.canParse(address)) return false;
  const { username, password, port } = new URL(address);
  return port !== '0' && isDecodable(username + password);
}

function isDecodable(encoded: string): boolean {
  try {
    decodeURIComponent(encoded);
    return true;
  } catch {
    return false;
  }
}

function isPem(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || value instanceof Uint8Array;
}

function arePems(value: unknown): boolean {
  return Array.isArray(value) ? value.every(isPem) : isPem(value);
}

/** What is wrong with the headers. Names one of them, and never shows a value. */
function headersFault(headers: unknown): string | undefined {
  if (!hasFields(headers)) return `must map header names to strings; ${whatWasGiven(headers)}`;
  for (const [name, value] of Object.entries(headers) as [string, unknown][]) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
      return `has ${quoted(name)}, which is not a valid header name`;
    if (typeof value !== 'string')
      return `must map header names to strings; for ${quoted(name)} ${whatWasGiven(value)}`;
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      return `has a value for ${quoted(name)} with characters that no header can have, such as line breaks. Remove or encode them`;
  }
  return undefined;
}
