import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { percentile } from './statistics.mjs';

/**
 * Sends HTTP requests over a number of connections, as many as come back, in a separate process.
 * Costs far less than any HTTP client, so that it measures the other side.
 *
 * Argument: JSON with `port` and `useTLS`.
 */

const { port, useTLS = false } = JSON.parse(process.argv[2]);
const HEAD_END = '\r\n\r\n';

/** One connection that sends a request whenever the last response has arrived. */
class Connection {
  #socket;
  #bytes = '';
  #done;

  constructor() {
    this.#socket = (useTLS ? connectTls : connect)({ port, host: '127.0.0.1', noDelay: true });
    this.ready = once(this.#socket, useTLS ? 'secureConnect' : 'connect');
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (chunk) => this.#read(chunk));
    this.#socket.on('close', () => this.#done?.reject(new Error('the server closed')));
  }

  send(request) {
    this.#socket.write(request);
    return new Promise((resolve, reject) => {
      this.#done = { resolve, reject };
    });
  }

  end() {
    this.#done = undefined;
    this.#socket.destroy();
  }

  #read(chunk) {
    this.#bytes += chunk;
    const end = this.#bytes.indexOf(HEAD_END);
    if (end < 0) return;
    const [head] = this.#bytes.split(HEAD_END, 1);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    if (this.#bytes.length < end + HEAD_END.length + length) return;
    if (/^HTTP\/1.1 2/.test(head)) this.#done.resolve();
    else this.#done.reject(new Error(this.#bytes));
    this.#bytes = '';
  }
}

/** Each connection sends its own request, again and again. */
async function load({ connections, requests, warmUpMs, ms }) {
  const all = Array.from({ length: connections }, () => new Connection());
  await Promise.all(all.map(({ ready }) => ready));
  const latencies = [];
  let total = 0;
  const start = performance.now() + warmUpMs;
  const end = start + ms;
  await Promise.all(
    all.map(async (connection, at) => {
      const request = requests[at % requests.length];
      for (let now = performance.now(); now < end;) {
        await connection.send(request);
        total += 1;
        const then = now;
        now = performance.now();
        if (then >= start) latencies.push(now - then);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  for (const connection of all) connection.end();
  latencies.sort((one, two) => one - two);
  return {
    total,
    perSecond: latencies.length / seconds,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}

process.on('message', async ({ settings }) => {
  process.send({ result: await load(settings) });
});
process.once('disconnect', () => process.exit());
process.send({ ready: true });
