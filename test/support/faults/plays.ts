import type { Socket } from 'node:net';
import type { FaultExchange } from './server.js';

export type Play = (exchange: FaultExchange) => Promise<void> | void;

const HEAD_END = '\r\n\r\n';

/** The faults by name. What comes after `forward` happens when the server behind has done its work. */
export const PLAYS = {
  /** No fault. */
  pass: async ({ socket, forward }) => void socket.write(await forward()),
  /** Responds, then closes the connection without having announced it. */
  'close-after-response': async ({ socket, forward }) => void socket.end(await forward()),
  /** Resets the connection before the request was forwarded. */
  'reset-before': ({ socket }) => void socket.resetAndDestroy(),
  /** Closes the connection before the request was forwarded. */
  'close-before': ({ socket }) => void socket.destroy(),
  /** The request is carried out, the response is lost with the connection. */
  'reset-after': async ({ socket, forward }) => {
    await forward();
    socket.resetAndDestroy();
  },
  'close-after': async ({ socket, forward }) => {
    await forward();
    socket.destroy();
  },
  /** Never responds; the request is not forwarded. */
  'black-hole': () => undefined,
  /** Never responds, although the request was carried out. */
  'black-hole-after': async ({ forward }) => void (await forward()),
  'half-a-response': async ({ socket, forward }) => {
    const response = await forward();
    socket.end(response.subarray(0, response.indexOf(HEAD_END) + 5));
  },
  'half-a-head': async ({ socket, forward }) => void socket.end((await forward()).subarray(0, 20)),
  /** Arrives in single bytes, but arrives. */
  'slow-bytes': async ({ socket, forward }) => trickle(socket, await forward()),
  /** A body that never ends. */
  'endless-body': ({ socket }) => {
    socket.write(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked${HEAD_END}`);
    repeat(socket, () => socket.write('1\r\n \r\n'));
  },
  /** Promises more than it sends. */
  'length-too-long': async ({ socket, forward }) => {
    const response = (await forward()).toString();
    socket.end(response.replace(/content-length: (\d+)/, 'content-length: 9$1'));
  },
  /** Sends more than it promised. */
  'length-too-short': async ({ socket, forward }) => {
    const response = (await forward()).toString();
    socket.write(response.replace(/content-length: \d+/, 'content-length: 1'));
  },
  garbage: async ({ socket, forward }) => {
    await forward();
    socket.write('\u0016\u0003\u0001 this is not HTTP at all \r\n\r\n');
  },
  html: async ({ socket, forward }) => {
    await forward();
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 13${HEAD_END}<html></html>`);
  },
  /** An interim response that nobody requested, then the response. */
  'early-hints': async ({ socket, forward }) => {
    socket.write(`HTTP/1.1 103 Early Hints\r\nlink: </x>${HEAD_END}`);
    socket.write(await forward());
  },
  'continue-first': async ({ socket, forward }) => {
    const response = await forward();
    socket.write(`HTTP/1.1 100 Continue${HEAD_END}`);
    socket.write(response);
  },
  /** Interim responses without end. */
  'interim-flood': ({ socket }) =>
    repeat(socket, () => socket.write(`HTTP/1.1 103 Early Hints${HEAD_END}`.repeat(8))),
  redirect: ({ socket, request }) => {
    const where = `location: http://127.0.0.1:1${request.target}`;
    socket.write(`HTTP/1.1 301 Moved\r\n${where}\r\ncontent-length: 0${HEAD_END}`);
  },
  'too-many': ({ socket }) => reply(socket, 429, 'Too many requests'),
  'too-many-wait': ({ socket }) => reply(socket, 429, 'Too many requests', 'retry-after: 0.005'),
  unavailable: ({ socket }) => reply(socket, 503, 'Unavailable'),
  /** Fails before anything was done. */
  'error-before': ({ socket }) => reply(socket, 500, 'Oh no'),
  /** Fails when all is done. */
  'error-after': async ({ socket, forward }) => {
    await forward();
    reply(socket, 500, 'Oh no');
  },
} as const satisfies Record<string, Play>;

export type FaultName = keyof typeof PLAYS;

function reply(socket: Socket, status: number, text: string, header = 'x-fault: yes'): void {
  socket.write(
    `HTTP/1.1 ${status} X\r\n${header}\r\ncontent-length: ${text.length}${HEAD_END}${text}`,
  );
}

/** One byte in each turn of the event loop. */
async function trickle(socket: Socket, bytes: Buffer): Promise<void> {
  for (const byte of bytes) {
    if (socket.destroyed) return;
    socket.write(Buffer.of(byte));
    await new Promise((turn) => setImmediate(turn));
  }
}

/** Until the other side closes the connection. */
function repeat(socket: Socket, act: () => void): void {
  const timer = setInterval(act, 5);
  socket.on('close', () => clearInterval(timer));
}
