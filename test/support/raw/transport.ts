import {
  type HttpResponse,
  HttpTransport,
  type SignedRequest,
} from '../../../lib/http/transport/http-transport.js';
import { TransportFailure } from '../../../lib/http/transport/transport-failure.js';

/** What the next request meets: an answer, a failure, or whatever a function gives. */
export type Scripted =
  | Partial<HttpResponse>
  | TransportFailure
  | ((request: SignedRequest, timeoutMs: number) => Promise<HttpResponse>);

/** A transport that plays a script, over and over its last line, and keeps what it was asked. */
export class ScriptedTransport extends HttpTransport {
  readonly sent: (SignedRequest & { timeoutMs: number; timestamp: number })[] = [];
  destroyed = 0;
  readonly #script: Scripted[];

  constructor(...script: Scripted[]) {
    super();
    this.#script = script;
  }

  async send(request: SignedRequest, timeoutMs: number): Promise<HttpResponse> {
    const timestamp = Number(/auth_timestamp=(\d+)/.exec(request.target)?.[1]);
    this.sent.push({ ...request, timeoutMs, timestamp });
    const next = this.#script.length > 1 ? this.#script.shift() : this.#script[0];
    if (next instanceof TransportFailure) throw next;
    if (typeof next === 'function') return next(request, timeoutMs);
    return { status: 200, headers: {}, body: '{}', ...next };
  }

  async destroy(): Promise<void> {
    this.destroyed += 1;
  }
}

export const refusedConnection = (): TransportFailure =>
  new TransportFailure(
    'PUSHER_CONNECTION_FAILED',
    'connect ECONNREFUSED 127.0.0.1:9',
    false,
    Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' }),
  );

export const lostAnswer = (): TransportFailure =>
  new TransportFailure('PUSHER_CONNECTION_FAILED', 'read ECONNRESET', true);

export const timeout = (maybeAccepted = true): TransportFailure =>
  new TransportFailure('PUSHER_TIMEOUT', 'no complete answer within 2000 ms', maybeAccepted);

/** Never answers. */
export const silence = (): Promise<HttpResponse> => new Promise(() => undefined);

/** An answer that comes when the test says so. */
export function heldAnswer(answer: Partial<HttpResponse>): {
  script: Scripted;
  release: () => void;
} {
  let release: ((answer: HttpResponse) => void) | undefined;
  const held = new Promise<HttpResponse>((resolve) => {
    release = resolve;
  });
  return {
    script: () => held,
    release: () => release?.({ status: 200, headers: {}, body: '{}', ...answer }),
  };
}
