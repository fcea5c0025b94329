import type { Clock } from '../runtime/clock.js';
import { type HttpResponse, headerOf } from './transport/http-transport.js';
import type { LogSink } from '../runtime/safe-logger.js';

/**
 * The greatest difference between the clocks that is believed, in milliseconds: a day, which covers a
 * machine with the wrong time zone. The answer that teaches it carries no signature, so whoever can
 * forge one can obtain requests that are valid this much later, and no more.
 */
export const MAX_CLOCK_OFFSET_MS = 24 * 60 * 60 * 1000;

/** Half of the 600 seconds that servers allow. A smaller difference is not why a request was refused. */
const NOTABLE_MS = 300_000;

/** The server's time, as far as it is known: ours, corrected by what refusals have taught. */
export class ServerClock {
  #offsetMs = 0;
  #told = false;

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
   * Learns from a 401. Gives whether the request should be signed again, because it was signed with a
   * time that is now known to be wrong.
   * @param signedOffsetMs the offset with which the refused request was signed
   */
  learnFrom(refusal: HttpResponse, signedOffsetMs: number): boolean {
    const serverMs = serverTimeOf(refusal);
    if (serverMs === undefined) return false;
    const offsetMs = serverMs - this.clock.now();
    if (Math.abs(offsetMs - signedOffsetMs) < NOTABLE_MS) return false;
    if (Math.abs(offsetMs) > MAX_CLOCK_OFFSET_MS) return false;
    // Several requests may be refused at once; the first of them has taught it.
    if (Math.abs(offsetMs - this.#offsetMs) >= NOTABLE_MS) this.#adopt(offsetMs);
    return true;
  }

  #adopt(offsetMs: number): void {
    this.#offsetMs = offsetMs;
    if (this.#told) return;
    this.#told = true;
    const seconds = Math.round(Math.abs(offsetMs) / 1000);
    this.log.warn(
      `The clock of this machine is ${seconds} s ${offsetMs > 0 ? 'behind' : 'ahead of'} the Channels server. Requests are signed with the server's time from now on. Set the clock, best by NTP.`,
    );
  }
}

/** The server's time in milliseconds since 1970: from the text of the refusal, else from its `Date`. */
export function serverTimeOf(refusal: HttpResponse): number | undefined {
  const text = /timestamp expired.{0,200}server time \((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\)/is.exec(
    refusal.body.slice(0, 2000),
  );
  return timeOf(text?.[1]) ?? dateOf(refusal);
}

/** The `Date` of an answer in milliseconds since 1970. */
export function dateOf(answer: HttpResponse): number | undefined {
  return timeOf(headerOf(answer, 'date'));
}

function timeOf(text: string | undefined): number | undefined {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : at;
}
