import { connect, createServer } from 'node:net';

/**
 * A TCP proxy, in a separate process, that makes a server as far away as a real one: what either
 * side sends arrives half a round trip later, in order and without a limit of bandwidth.
 *
 * The operating system accepts a connection at once, though. What a client sends on a new connection
 * is therefore read one round trip after it was accepted: that is when a distant server's response
 * to the TCP handshake would have arrived. TLS handshakes pass through and cost what they cost.
 *
 * Argument: JSON with `targetPort` and `roundTripMs`.
 */

const { targetPort, roundTripMs } = JSON.parse(process.argv[2]);

/**
 * Timers are exact to one millisecond. Whatever is due within half of one leaves now: early as often
 * as late.
 */
const EARLY_MS = 0.5;

/** What is under way, in the order in which it is due: the delay is the same for everything. */
const underWay = [];
let first = 0;
let timer;
/** The longest time by which something left too late, in milliseconds. */
let latest = 0;

function later(act) {
  underWay.push({ due: performance.now() + roundTripMs / 2, act });
  timer ??= setTimeout(deliver, roundTripMs / 2);
}

function deliver() {
  const now = performance.now();
  for (; first < underWay.length && underWay[first].due <= now + EARLY_MS; first += 1) {
    const { due, act } = underWay[first];
    underWay[first] = undefined;
    latest = Math.max(latest, now - due);
    act();
  }
  if (first === underWay.length || first > 10_000) {
    underWay.splice(0, first);
    first = 0;
  }
  timer = first < underWay.length ? setTimeout(deliver, underWay[first].due - now) : undefined;
}

/** Passes on what arrives at `from`: data, the end, a reset. */
function forward(from, to) {
  from.on('data', (chunk) => later(() => to.write(chunk)));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => later(() => to.resetAndDestroy()));
}

const SOCKET = { allowHalfOpen: true, noDelay: true };

let open = 0;
/** Called when no connection is open. */
let onIdle;

const proxy = createServer({ ...SOCKET, pauseOnConnect: true }, (client) => {
  open += 1;
  client.on('close', () => {
    open -= 1;
    if (open === 0) onIdle?.();
  });
  setTimeout(() => {
    const server = connect({ ...SOCKET, port: targetPort, host: '127.0.0.1' });
    forward(client, server);
    forward(server, client);
    client.resume();
  }, roundTripMs);
});

let usage = process.cpuUsage();

const TASKS = {
  /** CPU time and the longest delay that was too long, since the last time. */
  usage() {
    const { user, system } = process.cpuUsage(usage);
    const result = { cpuMs: (user + system) / 1000, latestMs: latest };
    usage = process.cpuUsage();
    latest = 0;
    return result;
  },
  /** Ends when no connection is open, so that nothing is on its way. */
  async idle() {
    if (open > 0) await new Promise((resolve) => (onIdle = resolve));
    return {};
  },
};

process.on('message', async ({ task }) => {
  process.send({ result: await TASKS[task]() });
});
process.once('disconnect', () => process.exit());
proxy.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  process.send({ port: proxy.address().port });
});
