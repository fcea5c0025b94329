import { isIPv6 } from 'node:net';

const HOST_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\.?$/;

/** Whether the value is a host name or an IP address, without scheme and port. */
export function isHost(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > 253) return false;
  if (!HOST_NAME.test(value))
    return !value.includes('%') && isIPv6(value.replace(/^\[(.*)\]$/, '$1'));
  // Names that end in a number are addresses, and 1.2.3.999 is not a valid one.
  return !value.includes('..') && URL.canParse(`http://${value}`);
}

/**
 * Whether the value is a path that arrives as it was written: without `.` and `..`, encoded or not, which
 * HTTP clients resolve, and without what ends a path. The first and the last slash may be left out.
 */
export function isPlainPath(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  if (value === '' || value === '/') return true;
  const segments = value.replace(/^\/|\/$/g, '').split('/');
  return segments.every(
    (segment) =>
      /^(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+$/.test(segment) &&
      !/^(?:\.|%2e){1,2}$/i.test(segment),
  );
}

/** The path with a slash before it and none behind it; empty when there is none. */
export function withLeadingSlash(path: string): string {
  const bare = path.replace(/^\/+|\/+$/g, '');
  return bare === '' ? '' : `/${bare}`;
}
