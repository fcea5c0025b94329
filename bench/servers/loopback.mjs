import { createServer } from 'node:http';

/** The server of the benchmark, in a separate process: reads each request and responds with `{}`. */

const HEAD = { 'Content-Type': 'application/json', 'Content-Length': 2 };

// No time limit for idle connections: they must still be open when a contender is measured again.
const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
  request.resume();
  request.on('end', () => response.writeHead(200, HEAD).end('{}'));
});

// A thousand callers may connect at once: the official package opens a connection for each event.
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  process.send?.({ port: server.address().port });
});
process.once('disconnect', () => process.exit());
