/** The parts of a connection URL, decoded. */
export interface ConnectionParts {
  appId: string;
  key: string;
  secret: string;
  host: string;
  port?: number;
  pathPrefix?: string;
  useTLS: boolean;
}

/** Why a connection URL is not valid. The message never contains the URL, which holds the secret. */
export class ConnectionUrlFault extends Error {}

const FORM = 'https://KEY:SECRET@host[:port][/prefix]/apps/APP_ID';
/** Scheme, user info up to the last `@` before the path, address, path, query or fragment. */
const PARTS = /^([a-z][a-z0-9+.-]*):\/\/(?:([^/?#\\]*)@)?([^/@?#]*)((?:\/[^?#]*)?)([?#].*)?$/i;
const ADDRESS = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/;
const PATH = /^(.*)\/apps\/([^/]*)\/?$/;

/**
 * Splits a connection URL into its parts. Does not use `URL`, which re-encodes what it reads: a secret
 * may contain `:` and `@` as they are, or anything percent-encoded. The first `/` ends the host, so that
 * an `@` in the path cannot make another host of it.
 * @throws ConnectionUrlFault which says which part is wrong
 */
export function parseConnectionUrl(url: string): ConnectionParts {
  const found = PARTS.exec(url.trim());
  if (found === null) throw fault('is not of the form');
  const [, scheme = '', userInfo, address = '', path = '', rest] = found;
  if (path.includes('@'))
    throw fault(
      'has an "@" after its first "/", so it is not clear which part is the host (write %40 for "@", and %2F for "/" inside the secret); expected',
    );
  if (rest !== undefined)
    throw fault('contains "?" or "#" (inside the secret write %3F or %23); expected');
  return {
    ...credentialsOf(userInfo),
    ...addressOf(address),
    ...pathOf(path),
    useTLS: isTls(scheme.toLowerCase()),
  };
}

function isTls(scheme: string): boolean {
  if (scheme !== 'https' && scheme !== 'http')
    throw fault(
      `begins with "${scheme}://", but only https:// and http:// are supported; expected`,
    );
  return scheme === 'https';
}

function credentialsOf(userInfo: string | undefined): { key: string; secret: string } {
  if (userInfo === undefined || userInfo === '') throw fault('has no key and secret; expected');
  const colon = userInfo.indexOf(':');
  const key = userInfo.slice(0, colon === -1 ? undefined : colon);
  const secret = colon === -1 ? '' : userInfo.slice(colon + 1);
  if (key === '') throw fault('has no key; expected');
  if (secret === '') throw fault('has no secret; expected');
  return { key: decode(key, 'key'), secret: decode(secret, 'secret') };
}

function addressOf(address: string): { host: string; port?: number } {
  const [, host = '', port] = ADDRESS.exec(address) ?? [];
  if (host === '') throw fault('has no host; expected');
  if (port === undefined) return { host };
  if (!/^[0-9]{1,5}$/.test(port)) throw fault('has a port that is not a number; expected');
  return { host, port: Number(port) };
}

function pathOf(path: string): { appId: string; pathPrefix?: string } {
  const [, prefix = '', appId = ''] = PATH.exec(path) ?? [];
  if (appId === '') throw fault('does not end with /apps/APP_ID; expected');
  return { appId: decode(appId, 'app id'), ...(prefix !== '' && { pathPrefix: prefix }) };
}

function decode(encoded: string, part: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw fault(
      `has a "%" in its ${part} that is not a valid percent-escape (write %25 for "%"); expected`,
    );
  }
}

function fault(what: string): ConnectionUrlFault {
  return new ConnectionUrlFault(`${what} ${FORM}`);
}
