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
