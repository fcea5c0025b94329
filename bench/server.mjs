import { createServer } from 'node:http';

/** The server of the benchmark, in a process of its own: reads each request and answers `{}`. */

const HEAD = { 'Content-Type': 'application/json', 'Content-Length': 2 };

// No time limit for idle connections: a contender that waits for its turn must find its own again.
const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
  request.resume();
  request.on('end', () => response.writeHead(200, HEAD).end('{}'));
});

// Room for a thousand callers that connect at once, as the official package does for each event.
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  process.send?.({ port: server.address().port });
});
process.once('disconnect', () => process.exit());
