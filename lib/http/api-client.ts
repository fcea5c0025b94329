import { setMaxListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import type { PusherError } from '../errors/pusher-error.js';
import type { PusherOptions } from '../options/pusher-options.js';
import type { RandomSource } from '../runtime/random.js';
import type { Clock } from '../runtime/clock.js';
import { settlesWithin } from '../runtime/deadline.js';
import { InFlight } from '../runtime/in-flight.js';
import { Api, type ApiRequest } from './api.js';
import { SecretRedactor } from './secret-redactor.js';
import { safeLogger, type LogSink } from '../runtime/safe-logger.js';
import { notSentError } from './errors.js';
import type { HttpTransport } from './transport/http-transport.js';
import { RateLimiter } from './rate-limiter.js';
import { type FailedOutcome, type Outcome, RequestSender } from './attempt.js';
import { type PreparedRequest, RequestSigner } from './signing/request-signer.js';
import { decideRetry, mayHaveWorked, pauseAsked } from './retry-policy.js';
import { ServerClock } from './server-clock.js';

/** What the client works with. */
export interface ApiClientParts {
  readonly options: PusherOptions;
  readonly transport: HttpTransport;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly logger: LogSink;
}

/** One request on its way through its attempts. */
interface Call {
  readonly prepared: PreparedRequest;
  readonly idempotent: boolean;
  readonly begunAt: number;
  readonly exchange: { readonly method: string; readonly path: string; attempts: number };
  /** Whether an attempt that failed can have been accepted all the same. */
  maybeAccepted: boolean;
  /** Whether it was signed again for the server's clock; that happens once. */
  signedAgain: boolean;
  /** Of the last attempt. */
  error?: PusherError;
}

/** The HTTP API of one app: signs, sends, judges, and tries again where that is safe. */
export class ApiClient extends Api {
  readonly #parts: ApiClientParts;
  readonly #signer: RequestSigner;
  readonly #serverClock: ServerClock;
  readonly #sender: RequestSender;
  readonly #limiter: RateLimiter;
  readonly #inFlight = new InFlight();
  readonly #gone = new AbortController();
  #closing = false;

  constructor(parts: ApiClientParts) {
    super();
    const { options, transport, clock } = parts;
    const logger = safeLogger(parts.logger);
    this.#parts = parts;
    // Every request that waits for its next attempt listens.
    setMaxListeners(0, this.#gone.signal);
    this.#signer = new RequestSigner(options.credentials, options.endpoint);
    this.#serverClock = new ServerClock(clock, logger);
    this.#limiter = new RateLimiter(clock, { ...options.retry, ...options.http });
    this.#sender = new RequestSender({
      signer: this.#signer,
      transport,
      clock,
      serverClock: this.#serverClock,
      redactor: new SecretRedactor(options),
      debug: (message) => logger.debug(message),
    });
  }

  /** How far the server's clock is ahead of ours, in milliseconds, as refusals have taught; 0 at first. */
  override get clockOffsetMs(): number {
    return this.#serverClock.offsetMs;
  }

  /** Requests that have neither been answered nor failed. */
  get pending(): number {
    return this.#inFlight.count;
  }

  request(request: ApiRequest): Promise<unknown> {
    return this.#inFlight.track(this.#perform(request));
  }

  settled(): Promise<void> {
    return this.#inFlight.settled();
  }

  /**
   * Ends the client: new requests are refused with `PUSHER_NOT_SENT`, those under way may finish.
   * Gives the number of those that had not after `deadlineMs`; they fail. Safe to call twice.
   */
  async close(deadlineMs: number): Promise<number> {
    this.#closing = true;
    await settlesWithin(deadlineMs, this.settled(), this.#parts.clock);
    const left = this.#inFlight.count;
    this.#gone.abort();
    this.#limiter.end();
    await this.#parts.transport.destroy();
    // A turn for those that fail now. Not more: an adapter of the application may never come back.
    await turn();
    return left;
  }

  async #perform(request: ApiRequest): Promise<unknown> {
    const call = this.#begin(request);
    for (;;) {
      const entry = this.#limiter.enter(this.#remainingMs(call));
      if (entry !== true && !(await entry)) throw call.error ?? this.#noTurn(call);
      call.exchange.attempts += 1;
      const outcome = await this.#attempt(call);
      if (outcome.accepted) return outcome.value;
      call.error = outcome.error(call.exchange, call.maybeAccepted);
      call.maybeAccepted ||= mayHaveWorked(outcome.failed);
      if (!(await this.#waitForNext(call, outcome))) throw call.error;
    }
  }

  #begin(request: ApiRequest): Call {
    const prepared = this.#signer.prepare(request);
    const { method, path } = prepared;
    const call: Call = {
      prepared,
      idempotent: request.idempotent,
      begunAt: this.#parts.clock.elapsed(),
      exchange: { method, path, attempts: 0 },
      maybeAccepted: false,
      signedAgain: false,
    };
    if (this.#closing) throw this.#noTurn(call);
    return call;
  }

  async #attempt(call: Call): Promise<Outcome> {
    const { attempts } = call.exchange;
    const { timeoutMs } = this.#parts.options;
    const withinMs = attempts === 1 ? timeoutMs : Math.min(timeoutMs, this.#remainingMs(call));
    let retryAfterMs: number | undefined;
    try {
      const outcome = await this.#sender.attempt(call.prepared, attempts, withinMs);
      if (!outcome.accepted) retryAfterMs = pauseAsked(outcome.failed);
      return outcome;
    } finally {
      if (retryAfterMs === undefined) this.#limiter.leave();
      else this.#limiter.refused(retryAfterMs);
    }
  }

  /** Gives false when there is to be no further attempt. */
  async #waitForNext(call: Call, { failed, signAgain }: FailedOutcome): Promise<boolean> {
    if (signAgain && !call.signedAgain) return (call.signedAgain = true);
    const { clock, random, options } = this.#parts;
    const verdict = decideRetry(
      failed,
      {
        attempt: call.exchange.attempts,
        idempotent: call.idempotent,
        elapsedMs: clock.elapsed() - call.begunAt,
        timeoutMs: options.timeoutMs,
        random: random.float(),
      },
      options.retry,
    );
    return verdict.again && this.#sleep(verdict.afterMs);
  }

  #noTurn({ exchange }: Call): PusherError {
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

  #remainingMs({ begunAt }: Call): number {
    const { clock, options } = this.#parts;
    const deadlineMs = Math.max(options.retry.deadlineMs, options.timeoutMs);
    return Math.max(1, begunAt + deadlineMs - clock.elapsed());
  }
}
