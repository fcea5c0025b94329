import { start, startServer, startWorker } from '../processes.mjs';
import { postRequest } from '../http-request.mjs';

/** The contenders of the distance part; with batching, the number of channels may matter. */
export const CASES = {
  official: { worker: 'official', title: '`pusher`' },
  ours: { worker: 'ours', title: 'this package' },
  batching50: { worker: 'batching', title: 'batching, 50 channels' },
  batching1: { worker: 'batching', title: 'batching, one channel', channels: 1 },
};

const HOST = '127.0.0.1';
const PROBE = postRequest('/apps/1/events', '{}');

/** The round trip of a distance as measured, in milliseconds: a little more than what was asked for. */
export function measuredRoundTrip({ probe }, ms) {
  return probe[ms].roundTripMs;
}

let runs = 0;

/** A server at one distance, and what has to be known about the way to it. */
export class Place {
  static async at(server, roundTripMs) {
    const proxy =
      roundTripMs === 0
        ? undefined
        : await startServer('servers/delay-proxy.mjs', { targetPort: server.port, roundTripMs });
    return new Place(server, proxy, roundTripMs);
  }

  constructor(server, proxy, roundTripMs) {
    this.server = server;
    this.proxy = proxy;
    this.roundTripMs = roundTripMs;
    this.target = { host: HOST, port: proxy?.port ?? server.port, useTLS: true };
  }

  /**
   * What the way itself takes and carries, without a client that costs much: the round trip of a
   * single request, and the requests per second of a thousand connections.
   */
  async probe(ms) {
    const generator = start('generator.mjs', this.target);
    await generator.receive();
    const load = { requests: [PROBE], warmUpMs: 5 * this.roundTripMs + 100, ms };
    const calm = await generator.run('load', { ...load, connections: 1 });
    const busy = await generator.run('load', { ...load, connections: 1000 });
    generator.stop();
    return { roundTripMs: calm.p50, requestsPerSecond: busy.perSecond };
  }

  /** The cases as `rounds` takes them, with the given workers by name. */
  contenders(workers, names = Object.keys(CASES)) {
    return names.map((name) => ({
      name,
      run: (task, settings) =>
        this.run(workers[CASES[name].worker], task, {
          ...settings,
          ...(CASES[name].channels && { channels: CASES[name].channels }),
        }),
    }));
  }

  /** Lets a worker do a task. The server counts which of its events arrive. */
  async run(worker, task, settings) {
    runs += 1;
    await this.server.run('expect', { run: runs });
    await this.proxy?.run('usage');
    const begin = performance.now();
    const result = await worker.run(task, { ...settings, run: runs });
    const ms = performance.now() - begin;
    const proxy = (await this.proxy?.run('usage')) ?? { cpuMs: 0 };
    const { delivered, doubled, requests, sockets, cpuMs } = await this.counted(result);
    return {
      ...result,
      lost: result.triggered - delivered,
      doubled,
      requestsPerSecond: (requests / ms) * 1000,
      sockets,
      serverShare: cpuMs / ms,
      proxyShare: proxy.cpuMs / ms,
    };
  }

  startWorker(name) {
    return startWorker(name, this.target);
  }

  stop() {
    this.proxy?.stop();
  }

  /** An event that failed for its caller may still be on its way. */
  async counted({ triggered, failures }) {
    const counts = await this.server.run('counted');
    if (counts.delivered === triggered || Object.keys(failures).length === 0) return counts;
    await new Promise((resolve) => setTimeout(resolve, 2 * this.roundTripMs + 100));
    return this.server.run('counted');
  }
}
