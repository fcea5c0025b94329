import type { Clock } from '../runtime/clock.js';
import type { LogSink } from '../errors/line-logger.js';
import { dateOf, type HttpResponse } from './transport/http-transport.js';

/**
 * The greatest difference between the clocks that is believed, in milliseconds: a day, which covers a
 * machine with the wrong time zone. The response that it is learned from carries no signature, so whoever
 * can forge one can obtain requests that are valid this much later, and no more.
 */
export const MAX_CLOCK_OFFSET_MS = 24 * 60 * 60 * 1000;

/** Half of the 600 seconds that servers allow. A smaller difference is not why a request was rejected. */
const NOTABLE_MS = 300_000;

/** The server's time, as far as it is known: ours, corrected by what was learned from its responses. */
export class ServerClock {
  #offsetMs = 0;
  #warned = false;

  constructor(
    private readonly clock: Clock,
    private readonly log: Pick<LogSink, 'warn'>,
  ) {}

  /** What is added to our time, in milliseconds. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Milliseconds since 1970, as the server sees them. */
  now(): number {
    return this.clock.now() + this.#offsetMs;
  }

  /**
   * Learns from a 401.
   * @param signedOffsetMs the offset with which the rejected request was signed
   * @returns whether the request was signed with a time that is now known to be wrong
   */
  learnFrom(response: HttpResponse, signedOffsetMs: number): boolean {
    const serverMs = serverTimeOf(response);
    if (serverMs === undefined) return false;
    const offsetMs = serverMs - this.clock.now();
    if (Math.abs(offsetMs - signedOffsetMs) < NOTABLE_MS) return false;
    if (Math.abs(offsetMs) > MAX_CLOCK_OFFSET_MS) return false;
    // Several requests may be rejected at once; it was learned from the first of them.
    if (Math.abs(offsetMs - this.#offsetMs) >= NOTABLE_MS) this.#adopt(offsetMs);
    return true;
  }

  #adopt(offsetMs: number): void {
    this.#offsetMs = offsetMs;
    if (this.#warned) return;
    this.#warned = true;
    const seconds = Math.round(Math.abs(offsetMs) / 1000);
    this.log.warn(
      `The clock of this machine is ${seconds} s ${offsetMs > 0 ? 'behind' : 'ahead of'} the Channels server. Requests are signed with the server's time from now on. Set the clock, preferably by NTP.`,
    );
  }
}

/** The server's time in milliseconds since 1970: from the body of a 401, else from its `Date`. */
export function serverTimeOf(response: HttpResponse): number | undefined {
  const stated =
    /timestamp expired.{0,200}server time \((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\)/is.exec(
      response.body.slice(0, 2000),
    );
  const at = Date.parse(stated?.[1] ?? '');
  return Number.isNaN(at) ? dateOf(response) : at;
}
