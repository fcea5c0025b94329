import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import { isSocketId } from '../protocol/names.js';

const sender = new AsyncLocalStorage<string | undefined>();

/**
 * Middleware that remembers the socket id of each request while it is handled. Mounted only for
 * apps with `socketIdHeader`.
 */
export function rememberSender(headers: readonly string[]) {
  const names = headers.map((header) => header.toLowerCase());
  return (request: IncomingMessage, _response: unknown, next: () => void): void => {
    const given = names.map((name) => socketIdIn(request.headers[name]));
    sender.run(
      given.find((id) => id !== undefined),
      next,
    );
  };
}

/** Socket id of the connection whose request is being handled, `undefined` when there is none. */
export function senderSocketId(): string | undefined {
  return sender.getStore();
}

/**
 * The socket id in the value of a header. Whatever is not one, such as the "undefined" that browsers
 * make of a missing id, counts as absent: the header comes from the client, and must not fail a request.
 */
export function socketIdIn(value: unknown): string | undefined {
  return typeof value === 'string' && isSocketId(value) ? value : undefined;
}
