import { isIPv6 } from 'node:net';

const HOST_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\.?$/;

/** Whether the value is a host name or an IP address, without scheme and port. */
export function isHost(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > 253) return false;
  return HOST_NAME.test(value) || isIPv6(value.replace(/^\[(.*)\]$/, '$1'));
}
