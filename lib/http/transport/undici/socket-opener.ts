import { type ClientRequest, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, isIPv6, type Socket } from 'node:net';
import { buildConnector } from 'undici';
import type { PusherOptions } from '../../../options/pusher-options.js';
import { PROXY_ERROR } from '../http-transport.js';

/** Where a socket leads to, as undici describes it. */
type Target = buildConnector.Options;

type OnOpen = (error: Error | null, socket?: Socket) => void;

/** Ends a socket, open or not. */
export type Abandon = () => void;

const KEEP_ALIVE_PROBE_MS = 60_000;

/**
 * Opens sockets to the server of one app: directly or through a tunnel of its proxy, with TLS inside
 * where the server has it. TLS sessions are shared. Has no time limit; abandon what takes too long.
 */
export class SocketOpener {
  readonly #proxy: URL | undefined;
  /** What the certificate of a proxy is verified with. */
  readonly #proxyTls: Pick<RequestOptions & { ca?: string | Buffer | (string | Buffer)[] }, 'ca'>;
  readonly #secure: buildConnector.connector;

  constructor({ http }: Pick<PusherOptions, 'http'>) {
    const tls = http.tls?.reveal();
    this.#proxy = http.proxy && new URL(http.proxy.reveal());
    this.#proxyTls = tls?.ca === undefined ? {} : { ca: tls.ca };
    this.#secure = buildConnector({ ...tls, timeout: 0 });
  }

  /** Calls back with a socket that is ready for HTTP, or with the reason why there is none. */
  open(target: Target, callback: buildConnector.Callback): Abandon {
    const onOpen: OnOpen = (error, socket) => {
      if (socket === undefined) callback(error ?? new Error('no socket'), null);
      else if (target.protocol === 'https:')
        this.#secure({ ...target, httpSocket: socket }, callback);
      else callback(null, socket);
    };
    return this.#proxy === undefined
      ? openDirectly(target, onOpen)
      : openTunnel(this.#requestTunnel(this.#proxy, addressOf(target)), onOpen);
  }

  #requestTunnel({ protocol, hostname, port, username, password }: URL, to: string): ClientRequest {
    const isSecure = protocol === 'https:';
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return (isSecure ? httpsRequest : httpRequest)({
      ...(isSecure && this.#proxyTls),
      host: withoutBrackets(hostname),
      port: port || (isSecure ? 443 : 80),
      method: 'CONNECT',
      path: to,
      agent: false,
      headers: {
        host: to,
        'proxy-connection': 'keep-alive',
        ...(username !== '' && {
          'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}`,
        }),
      },
    });
  }
}

function openDirectly({ hostname, port, protocol }: Target, onOpen: OnOpen): Abandon {
  const socket = connect({
    host: hostname,
    port: Number(port || defaultPort(protocol)),
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_PROBE_MS,
  });
  socket.once('error', onOpen).once('connect', () => {
    socket.off('error', onOpen);
    onOpen(null, ignoringErrors(socket));
  });
  return () => socket.destroy();
}

function openTunnel(request: ClientRequest, onOpen: OnOpen): Abandon {
  let abandon = (): void => void request.destroy();
  const onError = ({ message, code }: NodeJS.ErrnoException): void =>
    onOpen(proxyError(message, code));
  request
    .once('error', onError)
    .once('connect', ({ statusCode = 0 }, socket: Socket, head: Buffer) => {
      request.off('error', onError).on('error', () => undefined);
      abandon = () => void ignoringErrors(socket).destroy();
      if (statusCode < 200 || statusCode > 299) {
        abandon();
        onOpen(
          proxyError(`Proxy response (${statusCode}) to the request for a tunnel`, statusCode),
        );
        return;
      }
      if (head.length > 0) socket.unshift(head);
      socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_PROBE_MS);
      onOpen(null, ignoringErrors(socket));
    })
    .end();
  return () => abandon();
}

/** Says that it was the proxy: the errors of its connection are those of any other. */
function proxyError(message: string, code: number | string | undefined): Error {
  return Object.assign(new Error(message), { name: PROXY_ERROR, code: String(code) });
}

/** Whoever takes the socket over listens for its errors; one that nobody has taken must not throw. */
function ignoringErrors(socket: Socket): Socket {
  return socket.on('error', () => undefined);
}

function addressOf({ hostname, port, protocol }: Target): string {
  return `${isIPv6(hostname) ? `[${hostname}]` : hostname}:${port || defaultPort(protocol)}`;
}

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function defaultPort(protocol: string): number {
  return protocol === 'https:' ? 443 : 80;
}
