import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { ServerFault } from '../faults.js';
import type { ReceivedRequest } from '../observe/records.js';
import type { ServerState } from '../state.js';
import { type Answer, Refusal, refusalAnswer } from './answer.js';
import { respond } from './respond.js';

/** Reads one request, lets go wrong what shall, and answers. */
export async function serve(
  state: ServerState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const received = receive(request);
  const fault = state.faults.next(received) ?? {};
  state.requests.add(received);
  if (fault.drop === 'before-read') return cut(response);
  const body = await read(request, state.settings.limits.maxRequestBytes);
  received.body = body?.toString() ?? '';
  state.waits.changed();
  if (fault.delayMs !== undefined) await state.timers.pause(fault.delayMs);
  if (fault.drop === 'after-read') return cut(response);
  const answer = faultyAnswer(fault) ?? (body ? respond(state, received, body) : TOO_LARGE);
  if (fault.drop === 'before-answer') return cut(response);
  received.status = answer.status;
  if (answer.status >= 400) reportRefusal(state, received, answer);
  await write(response, answer, fault);
  state.waits.changed();
}

function reportRefusal(
  state: ServerState,
  { method, path }: ReceivedRequest,
  answer: Answer,
): void {
  const { status, body } = answer;
  state.happened({ type: 'refused', message: `${method} ${path}: ${status} ${body.trim()}` });
}

/** 204 and 304 have no body, and no length of one. */
const mayHaveBody = (status: number) => status !== 204 && status !== 304;

const TOO_LARGE = refusalAnswer(new Refusal(413, 'Request entity too large'));

function receive(request: IncomingMessage): ReceivedRequest {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const [path, rawQuery] = mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
  return {
    method: request.method ?? 'GET',
    path,
    query: Object.fromEntries(new URLSearchParams(rawQuery)),
    rawQuery,
    headers: request.headers,
    body: '',
  };
}

/** The body, or nothing when it is larger than allowed; it is read to its end in any case. */
async function read(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  return size <= limit ? Buffer.concat(chunks) : undefined;
}

function faultyAnswer({ status, body, headers }: ServerFault): Answer | undefined {
  if (status === undefined && body === undefined && headers === undefined) return undefined;
  const content = body ?? 'Failed on purpose\n';
  const isText = typeof content === 'string';
  const type = isText ? 'text/plain' : 'application/json';
  return {
    status: status ?? 500,
    headers: { 'content-type': type, ...headers },
    body: isText ? content : JSON.stringify(content),
  };
}

async function write(response: ServerResponse, answer: Answer, fault: ServerFault): Promise<void> {
  const body = Buffer.from(answer.body);
  const shown = fault.cutAfterBytes ?? fault.stallAfterBytes;
  const length = mayHaveBody(answer.status) && { 'content-length': body.length };
  response.writeHead(answer.status, { ...length, ...answer.headers });
  if (shown === undefined) {
    response.end(body);
    return;
  }
  response.flushHeaders();
  response.write(body.subarray(0, shown));
  if (fault.cutAfterBytes === undefined) return;
  // What was written leaves before the line is cut.
  await setImmediate();
  response.socket?.destroySoon();
}

function cut(response: ServerResponse): void {
  response.socket?.destroy();
}
