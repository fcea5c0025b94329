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
 * Timers count whole milliseconds. Whatever is due within half of one leaves now: early as often as
 * late.
 */
const EARLY_MS = 0.5;

/** The longest time by which something left too late, in milliseconds. */
let latest = 0;

/** One direction: everything in it is delayed equally, and so leaves in the order in which it came. */
class Line {
  #delayMs;
  #underWay = [];
  #first = 0;
  #isWaiting = false;

  constructor(delayMs) {
    this.#delayMs = delayMs;
  }

  later(act) {
    this.#underWay.push({ due: performance.now() + this.#delayMs, act });
    if (!this.#isWaiting) this.#wait(this.#delayMs);
  }

  #wait(ms) {
    this.#isWaiting = true;
    setTimeout(() => this.#deliver(), ms);
  }

  #deliver() {
    const now = performance.now();
    const all = this.#underWay;
    for (; this.#first < all.length && all[this.#first].due <= now + EARLY_MS; this.#first += 1) {
      const { due, act } = all[this.#first];
      all[this.#first] = undefined;
      latest = Math.max(latest, now - due);
      act();
    }
    if (this.#first === all.length || this.#first > 10_000) {
      all.splice(0, this.#first);
      this.#first = 0;
    }
    this.#isWaiting = false;
    if (all.length > 0) this.#wait(all[this.#first].due - now);
  }
}

// Whole milliseconds in both directions, because of the timers; together they are the round trip.
const toServer = new Line(Math.floor(roundTripMs / 2));
const toClient = new Line(Math.ceil(roundTripMs / 2));

/** Passes on what arrives at `from`: data, the end, a reset. */
function forward(from, to, line) {
  from.on('data', (chunk) => line.later(() => to.write(chunk)));
  from.on('end', () => line.later(() => to.end()));
  from.on('error', () => line.later(() => to.resetAndDestroy()));
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
    forward(client, server, toServer);
    forward(server, client, toClient);
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
