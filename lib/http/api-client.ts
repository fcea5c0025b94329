import { setMaxListeners } from 'node:events';
import type { PusherOptions } from '../options/pusher-options.js';
import type { Clock } from '../runtime/clock.js';
import { settlesWithin } from '../runtime/deadline.js';
import { InFlight } from '../runtime/in-flight.js';
import type { RandomSource } from '../runtime/random.js';
import { type LogSink, safeLogger } from '../runtime/safe-logger.js';
import { nextTurn } from '../runtime/timers.js';
import { Api, type ApiRequest } from './api.js';
import { Attempts, type FailedAttempt } from './attempt.js';
import { notSentError, toError } from './errors.js';
import { RateLimiter } from './rate-limiter.js';
import { decideRetry, type RetryDecision } from './retry-policy.js';
import { SecretRedactor } from './secret-redactor.js';
import { ServerClock } from './server-clock.js';
import { type PreparedRequest, RequestSigner } from './signing/request-signer.js';
import type { HttpTransport } from './transport/http-transport.js';

/** What the client works with. */
export interface ApiClientParts {
  readonly options: PusherOptions;
  readonly transport: HttpTransport;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly logger: LogSink;
}

/** One call of `request`, from the first attempt to the last. */
interface Call {
  readonly request: PreparedRequest;
  readonly method: string;
  readonly path: string;
  readonly idempotent: boolean;
  readonly startedAt: number;
  attempts: number;
  /** Whether the server can have accepted an attempt that failed. */
  maybeAccepted: boolean;
  signedAgain: boolean;
  lastFailure?: FailedAttempt;
}

/** The HTTP API of one app: a loop of limiter, attempt, decision and delay. */
export class ApiClient extends Api {
  readonly #parts: ApiClientParts;
  readonly #signer: RequestSigner;
  readonly #serverClock: ServerClock;
  readonly #attempts: Attempts;
  readonly #limiter: RateLimiter;
  readonly #inFlight = new InFlight();
  readonly #closed = new AbortController();
  #closing = false;

  constructor(parts: ApiClientParts) {
    super();
    const { options, transport, clock } = parts;
    const logger = safeLogger(parts.logger);
    this.#parts = parts;
    // Every call that waits for its next attempt listens.
    setMaxListeners(0, this.#closed.signal);
    this.#signer = new RequestSigner(options.credentials, options.endpoint);
    this.#serverClock = new ServerClock(clock, logger);
    this.#limiter = new RateLimiter(clock, { ...options.retry, ...options.http });
    this.#attempts = new Attempts({
      signer: this.#signer,
      transport,
      clock,
      serverClock: this.#serverClock,
      redactor: new SecretRedactor(options),
      debug: (message) => logger.debug(message),
    });
  }

  /** How far the server's clock is ahead of ours, in milliseconds, as learned from its responses; 0 at first. */
  override get clockOffsetMs(): number {
    return this.#serverClock.offsetMs;
  }

  /** Calls that have neither succeeded nor failed yet. */
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
   * Closes the client: new calls fail with `PUSHER_NOT_SENT`, those in flight may finish. Returns how
   * many had not finished after `deadlineMs`; they fail. Safe to call twice.
   */
  async close(deadlineMs: number): Promise<number> {
    this.#closing = true;
    await settlesWithin(deadlineMs, this.settled(), this.#parts.clock);
    const left = this.#inFlight.count;
    this.#closed.abort();
    this.#limiter.close();
    await this.#parts.transport.destroy();
    // Lets those that fail now settle. One turn, not more: an adapter may never come back.
    await nextTurn();
    return left;
  }

  async #perform(request: ApiRequest): Promise<unknown> {
    const call = this.#begin(request);
    for (;;) {
      const entry = this.#limiter.enter(this.#remainingMs(call));
      if (entry !== true && !(await entry)) throw this.#notAdmitted(call);
      let decision: RetryDecision | undefined;
      try {
        call.attempts += 1;
        const timeoutMs = this.#attemptTimeoutMs(call);
        const result = await this.#attempts.make(call.request, call.attempts, timeoutMs);
        if (result.kind === 'accepted') return result.value;
        call.lastFailure = result;
        call.maybeAccepted ||= result.maybeAccepted;
        decision = this.#decide(result, call);
      } finally {
        this.#limiter.leave(decision?.pauseAllMs);
      }
      if (!(await this.#continue(decision, call))) throw toError(call.lastFailure, call);
    }
  }

  #begin(request: ApiRequest): Call {
    const prepared = this.#signer.prepare(request);
    const call: Call = {
      request: prepared,
      method: prepared.method,
      path: prepared.path,
      idempotent: request.idempotent,
      startedAt: this.#parts.clock.elapsed(),
      attempts: 0,
      maybeAccepted: false,
      signedAgain: false,
    };
    if (this.#closing) throw this.#notAdmitted(call);
    return call;
  }

  #decide(failed: FailedAttempt, call: Call): RetryDecision {
    const { clock, options, random } = this.#parts;
    const state = {
      attempts: call.attempts,
      idempotent: call.idempotent,
      signedAgain: call.signedAgain,
      elapsedMs: clock.elapsed() - call.startedAt,
      timeoutMs: options.timeoutMs,
      random: random.float(),
    };
    return decideRetry(failed, state, options.retry);
  }

  /** Returns false when there is no further attempt, because of the decision or because the client was closed. */
  async #continue(decision: RetryDecision, call: Call): Promise<boolean> {
    if (decision.next === 'give-up') return false;
    if (decision.next === 'sign-again') return (call.signedAgain = true);
    return this.#parts.clock.sleep(decision.afterMs, this.#closed.signal).then(
      () => true,
      () => false,
    );
  }

  #notAdmitted(call: Call): Error {
    if (call.lastFailure !== undefined) return toError(call.lastFailure, call);
    const reason = this.#closing
      ? 'the application is shutting down.'
      : 'the server limits the rate of requests (429), and this one was still waiting at its deadline (retry.deadlineMs). Send less often, or turn batching on.';
    return notSentError(call, reason);
  }

  /** The first attempt has its whole time, however long it had to wait. */
  #attemptTimeoutMs(call: Call): number {
    const { timeoutMs } = this.#parts.options;
    return call.attempts === 1 ? timeoutMs : Math.min(timeoutMs, this.#remainingMs(call));
  }

  #remainingMs({ startedAt }: Call): number {
    const { clock, options } = this.#parts;
    const deadlineMs = Math.max(options.retry.deadlineMs, options.timeoutMs);
    return Math.max(1, startedAt + deadlineMs - clock.elapsed());
  }
}
