import {
  type HttpResponse,
  HttpTransport,
  type SendLimits,
  type SignedRequest,
  TransportFailure,
} from '../../../lib/http/transport/http-transport.js';

/** What the next request results in: a response, a failure, or whatever a function returns. */
export type Scripted =
  | Partial<HttpResponse>
  | TransportFailure
  | ((request: SignedRequest, timeoutMs: number) => Promise<HttpResponse>);

/** A transport that plays a script, its last entry over and over, and records the requests. */
export class ScriptedTransport extends HttpTransport {
  readonly sent: (SignedRequest & SendLimits & { timestamp: number })[] = [];
  destroyed = 0;
  #end: () => void = () => undefined;
  /** Resolves when the transport is destroyed. */
  readonly ended = new Promise<void>((resolve) => (this.#end = resolve));
  readonly #script: Scripted[];

  constructor(...script: Scripted[]) {
    super();
    this.#script = script;
  }

  async send(request: SignedRequest, limits: SendLimits): Promise<HttpResponse> {
    const timestamp = Number(/auth_timestamp=(\d+)/.exec(request.target)?.[1]);
    this.sent.push({ ...request, ...limits, timestamp });
    const next = this.#script.length > 1 ? this.#script.shift() : this.#script[0];
    if (next instanceof TransportFailure) throw next;
    if (typeof next === 'function') return next(request, limits.timeoutMs);
    return { status: 200, headers: {}, body: '{}', ...next };
  }

  async destroy(): Promise<void> {
    this.destroyed += 1;
    this.#end();
  }
}

export const refusedConnection = (): TransportFailure =>
  new TransportFailure(
    'PUSHER_CONNECTION_FAILED',
    'connect ECONNREFUSED 127.0.0.1:9',
    false,
    Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' }),
  );

export const lostResponse = (): TransportFailure =>
  new TransportFailure('PUSHER_CONNECTION_FAILED', 'read ECONNRESET', true);

export const neverSent = (): TransportFailure =>
  new TransportFailure('PUSHER_NOT_SENT', 'the connections are closed', false);

export const timeout = (maybeAccepted = true): TransportFailure =>
  new TransportFailure('PUSHER_TIMEOUT', 'no complete response within 2000 ms', maybeAccepted);

/** Never responds. */
export const silence = (): Promise<HttpResponse> => new Promise(() => undefined);

/** A response that arrives when the test says so. */
export function heldResponse(response: Partial<HttpResponse>): {
  script: Scripted;
  release: () => void;
} {
  let release: ((response: HttpResponse) => void) | undefined;
  const held = new Promise<HttpResponse>((resolve) => {
    release = resolve;
  });
  return {
    script: () => held,
    release: () => release?.({ status: 200, headers: {}, body: '{}', ...response }),
  };
}
