import { Client, type Dispatcher } from 'undici';
import { clearInterval, type Clock, setInterval } from '../../../runtime/clock.js';
import type { ResponseHeaders } from '../http-transport.js';
import type { Abandon, SocketOpener } from './socket-opener.js';

/**
 * A server may close a connection this much earlier than it has announced, as seen from here: its
 * response and the next request both travel meanwhile. In milliseconds; half of a shorter time, so that
 * the connections to a server that announces one second are used again at all.
 */
const KEEP_ALIVE_MARGIN_MS = 1000;

/** What a connection is made with. */
export interface ConnectionSettings {
  readonly origin: string;
  readonly sockets: SocketOpener;
  readonly keepAliveTimeoutMs: number;
  readonly maxResponseBytes: number;
  /** This moment. */
  readonly now: () => Moment;
  /** Called when the socket has closed. */
  readonly onClosed: (connection: Connection) => void;
}

/** A moment, and how many times the process had paused by then. */
export interface Moment {
  readonly instant: Instant;
  readonly pauses: number;
}

/** A connection to the server of one app. It is made when it is first used, and has one exchange at a time. */
export class Connection {
  readonly #client: Client;
  readonly #keepAliveTimeoutMs: number;
  #abandonSocket: Abandon | undefined;
  /** When its last exchange ended; `undefined` while its socket is new. */
  #idleSince: Moment | undefined;
  /** When its socket was requested. */
  #openedAt: Moment | undefined;
  #allowedIdleMs = 0;
  #busySinceMs = 0;

  constructor({ origin, sockets, now, onClosed, ...limits }: ConnectionSettings) {
    const { keepAliveTimeoutMs, maxResponseBytes } = limits;
    this.#keepAliveTimeoutMs = keepAliveTimeoutMs;
    this.#client = new Client(origin, {
      connect: (target, callback) => {
        this.#idleSince = undefined;
        this.#openedAt = now();
        this.#abandonSocket = sockets.open(target, callback);
      },
      pipelining: 1,
      maxResponseSize: maxResponseBytes,
      // Closes what stays idle; before a connection is used, its idle time is measured again.
      keepAliveTimeout: keepAliveTimeoutMs,
      keepAliveMaxTimeout: keepAliveTimeoutMs,
      keepAliveTimeoutThreshold: 0,
      // An exchange has one timeout for everything; these would only limit parts of it.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.#client.on('disconnect', () => onClosed(this));
  }

  /** Whether its socket has carried an exchange before. */
  get isReused(): boolean {
    return this.#idleSince !== undefined;
  }

  /** Sends a request. The handler is notified of everything that follows. */
  send(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#client.dispatch(request, handler);
  }

  /** Notes that a request is written to it. */
  becomeBusy({ instant }: Moment): void {
    this.#busySinceMs = instant.elapsedMs;
  }

  /** How long its exchange has taken, in milliseconds; connecting does not count. */
  busyMs({ instant }: Moment): number {
    return instant.elapsedMs - this.#busySinceMs;
  }

  /** Notes that an exchange has ended, and how long the server keeps the connection. */
  becomeIdle(now: Moment, headers: ResponseHeaders): void {
    this.#idleSince = now;
    const announcedMs = announcedTimeoutMs(headers['keep-alive']);
    const marginMs = Math.min(KEEP_ALIVE_MARGIN_MS, announcedMs / 2);
    this.#allowedIdleMs = Math.min(this.#keepAliveTimeoutMs, announcedMs - marginMs);
  }

  /**
   * Whether it has been idle for longer than it may, or idle or new while the process was paused:
   * nobody could notice then what became of it.
   */
  isStale({ instant, pauses }: Moment): boolean {
    const since = this.#idleSince;
    if (since === undefined)
      return this.#openedAt !== undefined && this.#openedAt.pauses !== pauses;
    return since.pauses !== pauses || msBetween(since.instant, instant) > this.#allowedIdleMs;
  }

  /** Closes it, whether it is idle, in use or being made. Its exchange fails. */
  async destroy(): Promise<void> {
    const destroyed = this.#client.destroy();
    this.#abandonSocket?.();
    await destroyed;
  }
}

/** Reads `Keep-Alive: timeout=5`. */
function announcedTimeoutMs(header: string | string[] | undefined): number {
  const seconds =
    header === undefined ? undefined : /\btimeout=(\d{1,9})/i.exec(String(header))?.[1];
  return seconds === undefined ? Infinity : Number(seconds) * 1000;
}

/** A moment by both times of a clock. */
export interface Instant {
  readonly nowMs: number;
  readonly elapsedMs: number;
}

/** This moment. */
export function instantOf(clock: Clock): Instant {
  return { nowMs: clock.now(), elapsedMs: clock.elapsed() };
}

/**
 * The time between two moments in milliseconds, the longer one if their clocks disagree: the one that
 * measures durations may stand still while the machine is suspended, and the wall clock may be set back.
 */
export function msBetween(one: Instant, other: Instant): number {
  return Math.max(other.nowMs - one.nowMs, other.elapsedMs - one.elapsedMs);
}

/** How often the process shows that it runs, in milliseconds. */
const BEAT_MS = 500;

/** A longer time without a beat is a pause, in milliseconds. */
const PAUSE_MS = 1500;

/**
 * Notices that the process did not run for a while: it was stopped, its machine was suspended, or its
 * own code blocked it. Does not keep the process alive.
 */
export class PauseDetector {
  readonly #clock: Clock;
  readonly #isNeeded: () => boolean;
  #timer: NodeJS.Timeout | undefined;
  #lastBeat: Instant | undefined;
  #pauses = 0;

  /** @param isNeeded is called at each beat; the detector stops once it returns false */
  constructor(clock: Clock, isNeeded: () => boolean) {
    this.#clock = clock;
    this.#isNeeded = isNeeded;
  }

  /** Begins to watch, unless it does already. */
  start(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(this.#beat, BEAT_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#lastBeat = undefined;
  }

  /** How many pauses there have been. */
  countPauses(now: Instant): number {
    if (this.#lastBeat !== undefined && msBetween(this.#lastBeat, now) > PAUSE_MS)
      this.#pauses += 1;
    this.#lastBeat = now;
    return this.#pauses;
  }

  #beat = (): void => {
    if (this.#isNeeded()) this.countPauses(instantOf(this.#clock));
    else this.stop();
  };
}
