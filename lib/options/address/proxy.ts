import type { Environment } from '../environment.js';
import type { Address } from './endpoint.js';

/**
 * The proxy that the environment sets for an address, as curl reads it: lower-case names take
 * precedence, `NO_PROXY` lists hosts, domains (`.example.com` or `example.com`), `host:port`, or `*`.
 * No proxy is used for a server on this machine.
 */
export function proxyFromEnvironment(
  address: Address,
  environment: Environment,
): string | undefined {
  const read = (name: string): string | undefined =>
    environment[name.toLowerCase()] || environment[name] || undefined;
  const proxy = read(address.useTLS ? 'HTTPS_PROXY' : 'HTTP_PROXY') ?? read('ALL_PROXY');
  if (proxy === undefined || isExempt(address, read('NO_PROXY') ?? '')) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

const LOOPBACK = /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|::1)$/;

function isExempt(address: Address, list: string): boolean {
  const host = address.host.toLowerCase().replace(/^\[|\]$/g, '');
  if (LOOPBACK.test(host)) return true;
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, name = entry, port] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? [];
      if (port !== undefined && Number(port) !== address.port) return false;
      const domain = name.replace(/^\*?\./, '').replace(/^\[|\]$/g, '');
      return host === domain || host.endsWith(`.${domain}`);
    });
}
