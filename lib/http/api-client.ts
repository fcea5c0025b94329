import { setMaxListeners } from 'node:events';
import type { FailedExchange } from '../errors/pusher-connection.error.js';
import type { PusherError } from '../errors/pusher-error.js';
import type { PusherOptions } from '../options/pusher-options.js';
import type { Chance } from '../runtime/chance.js';
import type { Clock } from '../runtime/clock.js';
import { Api, type ApiRequest } from './api.js';
import { Concealer } from './concealer.js';
import { notSentError } from './failure-errors.js';
import type { HttpTransport } from './http-transport.js';
import { OverloadLimiter } from './overload-limiter.js';
import { type Outcome, RequestSender } from './request-sender.js';
import { RequestSigner } from './request-signer.js';
import { decideRetry, type FailedAttempt, mayHaveWorked } from './retry-policy.js';
import { ServerClock } from './server-clock.js';

/** The part of Nest's logger that is used here. */
export interface RequestLog {
  debug(message: string): void;
  warn(message: string): void;
}

/** What the client works with. */
export interface ApiClientParts {
  readonly options: PusherOptions;
  readonly transport: HttpTransport;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly logger: RequestLog;
}

/** The HTTP API of one app: signs, sends, judges, and tries again where that is safe. */
export class ApiClient extends Api {
  readonly #parts: ApiClientParts;
  readonly #signer: RequestSigner;
  readonly #serverClock: ServerClock;
  readonly #sender: RequestSender;
  readonly #limiter: OverloadLimiter;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #gone = new AbortController();
  #closing = false;

  constructor(parts: ApiClientParts) {
    super();
    const { options, transport, clock, logger } = parts;
    this.#parts = parts;
    // Every request that waits for its next attempt listens.
    setMaxListeners(0, this.#gone.signal);
    this.#signer = new RequestSigner(options.credentials, options.endpoint);
    this.#serverClock = new ServerClock(clock, logger);
    this.#limiter = new OverloadLimiter(clock, options.retry);
    this.#sender = new RequestSender({
      signer: this.#signer,
      transport,
      clock,
      serverClock: this.#serverClock,
      concealer: new Concealer(options),
      debug: (message) => logger.debug(message),
    });
  }

  /** How far the server's clock is ahead of ours, in milliseconds, as refusals have taught; 0 at first. */
  get clockOffsetMs(): number {
    return this.#serverClock.offsetMs;
  }

  /** Requests that have neither been answered nor failed. */
  get pending(): number {
    return this.#underWay.size;
  }

  request(request: ApiRequest): Promise<unknown> {
    const work = this.#perform(request);
    this.#underWay.add(work);
    const done = (): void => void this.#underWay.delete(work);
    work.then(done, done);
    return work;
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  /**
   * Ends the client: new requests are refused with `PUSHER_NOT_SENT`, those under way may finish.
   * Gives the number of those that had not after `deadlineMs`; they fail. Safe to call twice.
   */
  async close(deadlineMs: number): Promise<number> {
    this.#closing = true;
    const patience = new AbortController();
    const late = this.#parts.clock.sleep(deadlineMs, patience.signal).catch(() => undefined);
    await Promise.race([this.settled(), late]);
    patience.abort();
    const left = this.#underWay.size;
    this.#gone.abort();
    this.#limiter.end();
    await this.#parts.transport.destroy();
    await this.settled();
    return left;
  }

  async #perform(request: ApiRequest): Promise<unknown> {
    const { options, clock } = this.#parts;
    const prepared = this.#signer.prepare(request);
    const exchange = { method: prepared.method, path: prepared.path, attempts: 0 };
    if (this.#closing) throw notSentError(exchange, 'the application is shutting down.');
    const begunAt = clock.elapsed();
    let last: PusherError | undefined;
    let signedAgain = false;
    let maybeAccepted = false;
    for (;;) {
      const turn = this.#limiter.enter(this.#remainingMs(begunAt));
      if (turn !== true && !(await turn)) throw last ?? this.#noTurn(exchange);
      exchange.attempts += 1;
      const timeoutMs =
        exchange.attempts === 1
          ? options.timeoutMs
          : Math.min(options.timeoutMs, this.#remainingMs(begunAt));
      const outcome = await this.#attempt(prepared, exchange.attempts, timeoutMs);
      if (outcome.accepted) return outcome.value;
      const { failed } = outcome;
      last = outcome.error(exchange, maybeAccepted);
      maybeAccepted ||= mayHaveWorked(failed);
      if (outcome.signAgain && !signedAgain) {
        signedAgain = true;
        continue;
      }
      const state = {
        attempt: exchange.attempts,
        repeatable: request.repeatable,
        elapsedMs: clock.elapsed() - begunAt,
        timeoutMs: options.timeoutMs,
        chance: this.#parts.chance.unit(),
      };
      const verdict = decideRetry(failed, state, options.retry);
      if (!verdict.again || !(await this.#sleep(verdict.afterMs))) throw last;
    }
  }

  async #attempt(...args: Parameters<RequestSender['attempt']>): Promise<Outcome> {
    let retryAfterMs: number | undefined;
    try {
      const outcome = await this.#sender.attempt(...args);
      if (!outcome.accepted) retryAfterMs = overloadOf(outcome.failed);
      return outcome;
    } finally {
      if (retryAfterMs === undefined) this.#limiter.leave();
      else this.#limiter.refused(retryAfterMs);
    }
  }

  #noTurn(exchange: FailedExchange): PusherError {
    const reason = this.#closing
      ? 'the application is shutting down.'
      : 'the server limits the rate (429), and no turn came in time. Send less often, or turn batching on.';
    return notSentError(exchange, reason);
  }

  /** Gives false when the client is closed before the time is over. */
  #sleep(milliseconds: number): Promise<boolean> {
    return this.#parts.clock.sleep(milliseconds, this.#gone.signal).then(
      () => true,
      () => false,
    );
  }

  #remainingMs(begunAt: number): number {
    const { clock, options } = this.#parts;
    const deadlineMs = Math.max(options.retry.deadlineMs, options.timeoutMs);
    return Math.max(1, begunAt + deadlineMs - clock.elapsed());
  }
}

/** How long a server that limits the rate asked to wait; `undefined` when that is not what it said. */
function overloadOf(failed: FailedAttempt): number | undefined {
  if (failed.kind !== 'refused') return undefined;
  if (failed.status === 429) return failed.retryAfterMs ?? 0;
  return failed.status === 503 ? failed.retryAfterMs : undefined;
}
