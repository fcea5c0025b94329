import { createServer } from 'node:http';

/**
 * The server of the soak test, in a separate process: mostly responds with `{}`, sometimes with a
 * fault. Reports the number of open connections to its parent each second.
 */

const HEAD = { 'Content-Type': 'application/json', 'Content-Length': 2 };

/** Each fault with its frequency, per ten thousand requests. */
const FAULTS = [
  [10, (_request, response) => response.writeHead(500).end('Oh no\n')],
  [10, (_request, response) => response.writeHead(503).end('Busy\n')],
  [2, (_request, response) => response.writeHead(429, { 'Retry-After': '0.02' }).end('Slower\n')],
  [10, (request) => request.socket.destroy()],
  [10, (request) => request.socket.resetAndDestroy()],
  [10, (request) => request.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{')],
  [1, () => undefined],
  [20, (request) => request.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}')],
];

function responseFor(roll) {
  let left = roll * 10_000;
  for (const [weight, fault] of FAULTS) {
    left -= weight;
    if (left < 0) return fault;
  }
  return (_request, response) => response.writeHead(200, HEAD).end('{}');
}

let connections = 0;
let requests = 0;

const server = createServer((request, response) => {
  requests += 1;
  request.resume();
  request.on('end', () => responseFor(Math.random())(request, response));
});

server.on('connection', (socket) => {
  connections += 1;
  socket.on('close', () => (connections -= 1)).on('error', () => undefined);
});

server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => {
  process.send?.({ port: server.address().port });
});

setInterval(() => process.send?.({ connections, requests }), 1000).unref();
process.once('disconnect', () => process.exit());
