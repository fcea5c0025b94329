import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { createServer } from 'node:net';
import { Deliveries } from './deliveries.mjs';
import { RequestReader } from './request-reader.mjs';

/**
 * The server of the distance part, in a separate process. It reads each request, counts the events
 * in it, and responds with `{}`; `node:http` would cost twice as much CPU time.
 *
 * Argument: JSON with `useTLS`.
 */

const { useTLS } = JSON.parse(process.argv[2]);
const RESPONSE = Buffer.from(
  'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}',
);

const deliveries = new Deliveries();
/** Counts the connections that a run uses: others are open too, kept by idle contenders. */
const sockets = { run: 0, open: 0, most: 0, used: 0 };
let requests = 0;

function serve(socket) {
  let usedIn = 0;
  const reader = new RequestReader(({ body, close }) => {
    requests += 1;
    if (usedIn !== sockets.run) {
      usedIn = sockets.run;
      sockets.used += 1;
      sockets.open += 1;
      sockets.most = Math.max(sockets.most, sockets.open);
    }
    deliveries.count(body);
    if (close) socket.end(RESPONSE);
    else socket.write(RESPONSE);
  });
  socket.on('data', (chunk) => reader.read(chunk));
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    if (usedIn === sockets.run) sockets.open -= 1;
  });
}

const read = (name) => readFileSync(join(import.meta.dirname, name));
const server = useTLS
  ? createTlsServer({ cert: read('server.pem'), key: read('server-key.pem') }, serve)
  : createServer(serve);

server.on('connection', (socket) => socket.setNoDelay(true));
server.on('tlsClientError', () => undefined);

let usage = process.cpuUsage();

const TASKS = {
  /** From now on, the events of this run are counted. */
  expect({ run }) {
    deliveries.expect(run);
    Object.assign(sockets, { run, open: 0, most: 0, used: 0 });
    requests = 0;
    usage = process.cpuUsage();
    return {};
  },
  /** What arrived since. */
  counted() {
    const { user, system } = process.cpuUsage(usage);
    return {
      ...deliveries.counts,
      requests,
      sockets: { most: sockets.most, used: sockets.used },
      cpuMs: (user + system) / 1000,
    };
  },
};

process.on('message', ({ task, settings }) => {
  process.send({ result: TASKS[task](settings) });
});
process.once('disconnect', () => process.exit());
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  process.send({ port: server.address().port });
});
