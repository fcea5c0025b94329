import { fieldsOf } from '../../protocol/json.js';
import { dateOf, type HttpResponse, headerOf } from '../transport/http-transport.js';

/** What a response means. */
export type Judgement = Accepted | RejectedResponse;

/** The server did what was requested. */
export interface Accepted {
  readonly kind: 'accepted';
  /** The JSON of the body; `{}` without a body. */
  readonly value: unknown;
}

/** A response that is not the one that was requested. */
export interface RejectedResponse {
  readonly kind: 'rejected';
  /** `PUSHER_BAD_RESPONSE` for what no Channels server sends. */
  readonly code: 'PUSHER_REQUEST_REJECTED' | 'PUSHER_BAD_RESPONSE';
  /** HTTP status, or the status in the body of a 200. */
  readonly status: number;
  /** The body, as it came. */
  readonly text: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Whether the server can have acted on the request. */
  readonly maybeAccepted: boolean;
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number;
}

/**
 * Reads a response.
 * @param nowMs the server's time, as far as it is known, in milliseconds since 1970
 */
export function judgeResponse(response: HttpResponse, nowMs: number): Judgement {
  const { status, body } = response;
  if (status >= 300 && status < 400) return bad(response, redirection(response));
  if (status < 200 || status > 299) return rejected(response, nowMs, status);
  if (response.truncated)
    return bad(response, 'The response is longer than http.maxResponseBytes and was cut off.');
  // 202 is the response of an older API; its body means nothing.
  const value = body.trim() === '' ? {} : parse(body, status === 202 ? {} : undefined);
  if (value === undefined) return bad(response, notJson(response));
  const { error, code } = fieldsOf(value);
  // soketi rejects most requests with 200 and puts the status into the body.
  if (typeof error === 'string' && typeof code === 'number')
    return rejected(response, nowMs, code, error);
  return { kind: 'accepted', value };
}

function parse(json: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return otherwise;
  }
}

function rejected(
  response: HttpResponse,
  nowMs: number,
  status: number,
  message = response.body,
): RejectedResponse {
  return {
    kind: 'rejected',
    code: 'PUSHER_REQUEST_REJECTED',
    status,
    text: response.body,
    remedy: remedyFor(status, message),
    // 503 means that nothing was done; other 5xx leave that open.
    maybeAccepted: status >= 500 && status <= 599 && status !== 503,
    // A date refers to the server's clock, which the `Date` header shows.
    retryAfterMs: readRetryAfter(headerOf(response, 'retry-after'), dateOf(response) ?? nowMs),
  };
}

function bad({ status, body }: HttpResponse, remedy: string): RejectedResponse {
  const code = 'PUSHER_BAD_RESPONSE';
  return { kind: 'rejected', code, status, text: body, remedy, maybeAccepted: true };
}

/** A location repeats the signed query, so only what stands before it is shown. */
function redirection(response: HttpResponse): string {
  const [location = ''] = (headerOf(response, 'location') ?? '').split(/[?#]/);
  const where = location === '' ? '' : ` to ${location}`;
  return `Redirects${where} are not followed, because a signed request is meant for one server. Set host, port, useTLS and pathPrefix to the final address.`;
}

function notJson(response: HttpResponse): string {
  const encoding = headerOf(response, 'content-encoding');
  return encoding === undefined || encoding === 'identity'
    ? 'The body is not JSON, so this is not the response of a Channels server. Check host, port and pathPrefix, and any proxies in between.'
    : 'The response is compressed, although the request did not accept that. Check any proxies in between.';
}

const REMEDIES: Readonly<Record<number, string>> = {
  400: 'The server rejected the request; see its message.',
  401: 'Check that the key and the secret belong together and to this app, and that the clock of this machine is right.',
  403: 'The app is disabled or over its message quota. Check the dashboard of the app.',
  404: 'Check the app id, the cluster or host, and the pathPrefix.',
  407: 'The proxy requires credentials. Put them into http.proxy.',
  413: 'Send less data, or raise the limit of the server and limits.maxDataBytes.',
  422: 'The server rejected the request; see its message.',
  429: 'The server limits the rate of requests. Send less often, or turn batching on.',
};

/** What nginx, Go and Apache respond to HTTP on a port for TLS. */
const PLAIN_HTTP = /plain HTTP request|HTTP request to an HTTPS server|speaking plain HTTP/i;

function remedyFor(status: number, message: string): string {
  if (status === 401 && /timestamp expired/i.test(message))
    return 'The clocks of this machine and the server disagree. Set the clock, preferably by NTP.';
  if (status === 400 && PLAIN_HTTP.test(message)) return 'This port expects TLS. Set useTLS: true.';
  if (status >= 500) return 'The server failed. Try again later.';
  return REMEDIES[status] ?? 'See the documentation of the server for this status.';
}

/**
 * Reads `Retry-After`: seconds, which some servers send as a fraction, or a date. Returns milliseconds
 * from `nowMs`, or `undefined` when the header has neither.
 */
export function readRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  const value = header?.trim() ?? '';
  if (/^\d{1,9}(?:\.\d{1,9})?$/.test(value)) return Math.ceil(Number(value) * 1000);
  // Only the one form that HTTP has today: Date.parse would take much else for a date.
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(value))
    return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
