import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { Fault } from '../faults.js';
import type { ReceivedRequest } from '../records.js';
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
  await write(response, answer, fault);
}

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

function faultyAnswer({ status, body, headers }: Fault): Answer | undefined {
  if (status === undefined && body === undefined && headers === undefined) return undefined;
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? {});
  const type = typeof body === 'string' ? 'text/plain' : 'application/json';
  return { status: status ?? 500, headers: { 'content-type': type, ...headers }, body: text };
}

async function write(response: ServerResponse, answer: Answer, fault: Fault): Promise<void> {
  const body = Buffer.from(answer.body);
  const shown = fault.cutAfterBytes ?? fault.stallAfterBytes;
  response.writeHead(answer.status, { 'content-length': body.length, ...answer.headers });
  if (shown === undefined) {
    response.end(body);
    return;
  }
  response.flushHeaders();
  response.write(body.subarray(0, shown));
  if (fault.cutAfterBytes === undefined) return;
  // What was written leaves before the line is cut.
  await setImmediate();
  cut(response);
}

function cut(response: ServerResponse): void {
  response.socket?.destroy();
}
