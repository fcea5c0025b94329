import { createServer } from 'node:http';
import { connect } from 'node:net';

/** An HTTP proxy that makes tunnels, in a separate process. Reports how many it has made. */

let tunnels = 0;

const proxy = createServer();
proxy.on('connect', (request, client) => {
  tunnels += 1;
  const [host, port] = request.url.split(':');
  const server = connect({ host, port: Number(port), noDelay: true }, () => {
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    server.pipe(client).pipe(server);
  });
  client.setNoDelay(true);
  server.on('error', () => client.destroy());
  client.on('error', () => server.destroy());
});

process.on('message', () => {
  process.send({ result: { tunnels } });
  tunnels = 0;
});
process.once('disconnect', () => process.exit());
proxy.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  process.send({ port: proxy.address().port });
});
