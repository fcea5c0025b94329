import type { IncomingMessage, ServerResponse } from 'node:http';
import { nextTurn, wait } from '../../../runtime/clock.js';
import type { ReceivedRequest } from '../observe/records.js';
import type { ServerState } from '../state.js';
import type { ServerFault } from './faults.js';
import { departClosing } from '../websocket/accept.js';
import { ApiError, type ApiResponse, errorResponse } from './response.js';
import { respond } from './routes.js';

/** The shortest timer of Node, which pusher-js sets to send a frame. */
const PUSHER_JS_DELAY_MS = 1;

const TOO_LARGE = errorResponse(new ApiError(413, 'Request entity too large'));

/** Reads one request, applies the fault that is planned for it, and responds. */
export async function serve(
  state: ServerState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { recorder } = state;
  const received = receive(request);
  const fault = state.faults.next(received) ?? {};
  recorder.requests.add(received);
  if (fault.drop === 'before-read') return cut(response);
  const body = await read(request, state.settings.limits.maxRequestBytes);
  received.body = body?.toString() ?? '';
  recorder.waits.changed();
  if (fault.delayMs !== undefined) await state.timers.pause(fault.delayMs);
  if (fault.drop === 'after-read') return cut(response);
  await allThatHasArrived(state, received.method);
  const result = faultyResponse(fault) ?? (body ? respond(state, received, body) : TOO_LARGE);
  if (fault.drop === 'before-response') return cut(response);
  received.status = result.status;
  if (result.status >= 400)
    recorder.record({ type: 'refused', message: refusal(received, result) });
  await write(response, result, fault);
  recorder.waits.changed();
}

/**
 * What clients sent before this request, a goodbye included, is processed first. pusher-js sends its
 * frames with a timer of a millisecond; queries wait for it, because tests ask what a frame has changed.
 */
async function allThatHasArrived({ apps }: ServerState, method: string): Promise<void> {
  if (method === 'GET') await wait(PUSHER_JS_DELAY_MS);
  await nextTurn();
  departClosing(apps.values());
}

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

function faultyResponse({ status, body, headers }: ServerFault): ApiResponse | undefined {
  if (status === undefined && body === undefined && headers === undefined) return undefined;
  const content = body ?? 'Failed on purpose\n';
  const isString = typeof content === 'string';
  const type = isString ? 'text/plain' : 'application/json';
  return {
    status: status ?? 500,
    headers: { 'content-type': type, ...headers },
    body: isString ? content : JSON.stringify(content),
  };
}

function refusal({ method, path }: ReceivedRequest, { status, body }: ApiResponse): string {
  return `${method} ${path}: ${status} ${body.trim()}`;
}

/** 204 and 304 have no body, and no length of one. */
const mayHaveBody = (status: number) => status !== 204 && status !== 304;

async function write(
  response: ServerResponse,
  result: ApiResponse,
  fault: ServerFault,
): Promise<void> {
  const body = Buffer.from(result.body);
  const sent = fault.cutAfterBytes ?? fault.stallAfterBytes;
  const length = mayHaveBody(result.status) && { 'content-length': body.length };
  response.writeHead(result.status, { ...length, ...result.headers });
  if (sent === undefined) {
    response.end(body);
    return;
  }
  response.flushHeaders();
  response.write(body.subarray(0, sent));
  if (fault.cutAfterBytes === undefined) return;
  // What was written leaves before the connection is closed.
  await nextTurn();
  response.socket?.destroySoon();
}

function cut(response: ServerResponse): void {
  response.socket?.destroy();
}
