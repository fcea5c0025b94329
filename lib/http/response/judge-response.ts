import { fieldsOf } from '../../protocol/wire.js';
import { type HttpResponse, headerOf } from '../transport/http-transport.js';
import { remedyFor } from './remedies.js';

/** What an answer means. */
export type Judgement = { readonly accepted: true; readonly value: unknown } | Refused;

/** An answer that is not the one that was asked for. */
export interface Refused {
  readonly accepted: false;
  /** `PUSHER_BAD_RESPONSE` for what is no answer of a Channels server. */
  readonly code: 'PUSHER_REQUEST_REJECTED' | 'PUSHER_BAD_RESPONSE';
  readonly status: number;
  /** The server's text, as it came. */
  readonly text: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** Says whether an answer is the one that was asked for. */
export function judgeResponse(answer: HttpResponse): Judgement {
  const { status, body } = answer;
  if (status >= 300 && status < 400) return bad(answer, redirection(answer));
  if (status < 200 || status > 299) return refused(status, body);
  if (answer.truncated)
    return bad(answer, 'The answer is longer than http.maxResponseBytes and was cut off.');
  // 202 is the answer of an older API; its text means nothing.
  const value = body.trim() === '' ? {} : parse(body, status === 202 ? {} : undefined);
  if (value === undefined) return bad(answer, notJson(answer));
  const { error, code } = fieldsOf(value);
  // soketi answers most of its refusals with 200 and puts the status into the body.
  if (typeof error === 'string' && typeof code === 'number') return refused(code, body, error);
  return { accepted: true, value };
}

function parse(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return otherwise;
  }
}

function refused(status: number, body: string, said = body): Judgement {
  return {
    accepted: false,
    code: 'PUSHER_REQUEST_REJECTED',
    status,
    text: body,
    remedy: remedyFor(status, said),
  };
}

function bad({ status, body }: HttpResponse, remedy: string): Judgement {
  return { accepted: false, code: 'PUSHER_BAD_RESPONSE', status, text: body, remedy };
}

/** A location repeats the signed query, so only what stands before it is shown. */
function redirection(answer: HttpResponse): string {
  const [location = ''] = (headerOf(answer, 'location') ?? '').split(/[?#]/);
  const where = location === '' ? '' : ` to ${location}`;
  return `Redirects${where} are not followed, a signed request is meant for one server. Set host, port, useTLS and pathPrefix to the final address.`;
}

function notJson(answer: HttpResponse): string {
  const encoding = headerOf(answer, 'content-encoding');
  return encoding === undefined || encoding === 'identity'
    ? 'That is not JSON, so no Channels server has answered. Check host, port and pathPrefix, and proxies in between.'
    : 'The answer is compressed although that was not asked for. Check the proxies in between.';
}
