import { setMaxListeners } from 'node:events';
import type { PusherOptions } from '../options/pusher-options.js';
import { type Clock, nextTurn } from '../runtime/clock.js';
import type { LogSink } from '../errors/line-logger.js';
import { withoutStack } from '../errors/without-stack.js';
import { InFlight } from '../runtime/in-flight.js';
import type { RandomSource } from '../runtime/random.js';
import { Api, type ApiRequest } from './api.js';
import { Attempts, type FailedAttempt } from './attempt.js';
import { type Destination, destinationOf } from './destination.js';
import { notSentError, toError } from './errors.js';
import { RateLimiter } from './rate-limiter.js';
import { decideRetry, type RetryDecision } from './retry-policy.js';
import { SecretRedactor } from './secret-redactor.js';
import { ServerClock } from './server-clock.js';
import { type PreparedRequest, RequestSigner } from './signing/sign-request.js';
import type { HttpTransport, SendLimits } from './transport/http-transport.js';

/** What the client works with. */
export interface ApiClientParts {
  readonly options: PusherOptions;
  readonly transport: HttpTransport;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly logger: LogSink;
}

/** What a shutdown did not let finish. */
export interface UnfinishedCalls {
  /** Events that the server has certainly not accepted. */
  readonly unsentEvents: number;
  /** Requests that were sent, without a response in time. */
  readonly unanswered: number;
}

/** One call of `request`, from the first attempt to the last. */
interface Call {
  readonly request: PreparedRequest;
  readonly method: string;
  readonly path: string;
  readonly destination: Destination;
  readonly idempotent: boolean;
  readonly events: number;
  /** When its time is over, by `elapsed` of the clock. */
  readonly deadline: number;
  /** Until when further attempts may begin, by `elapsed` of the clock. */
  readonly retryDeadline: number;
  attempts: number;
  /** Whether the server can have accepted an attempt that failed. */
  maybeAccepted: boolean;
  signedAgain: boolean;
  lastFailure?: FailedAttempt;
}

const SHUTTING_DOWN = 'the application is shutting down.';
const RATE_LIMITED =
  'the server limits the rate of requests (429), and this one was still waiting at its deadline (retry.deadlineMs). Send less often, or turn batching on.';

/** The HTTP API of one app: a loop of limiter, attempt, decision and delay. */
export class ApiClient extends Api {
  readonly #parts: ApiClientParts;
  readonly #signer: RequestSigner;
  readonly #serverClock: ServerClock;
  readonly #attempts: Attempts;
  readonly #limiter: RateLimiter;
  readonly #destination: Destination;
  readonly #inFlight = new InFlight();
  #retried = 0;
  readonly #closed = new AbortController();
  #closing = false;
  /** What has failed since it was closed, and the server has certainly not accepted. */
  readonly #unsent = { calls: 0, events: 0 };

  constructor(parts: ApiClientParts) {
    super();
    const { options, transport, clock, logger } = parts;
    this.#parts = parts;
    this.#destination = destinationOf(options);
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
      logger,
    });
  }

  /**
   * How far the server's clock is ahead of ours, in milliseconds, as learned from its responses; 0
   * at first.
   */
  override get clockOffsetMs(): number {
    return this.#serverClock.offsetMs;
  }

  /** Requests that were sent again. */
  get retried(): number {
    return this.#retried;
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
   * Closes the client: new calls fail with `PUSHER_NOT_SENT`, those in flight may finish. Returns what
   * had not finished after `deadlineMs`; it fails. Safe to call twice.
   */
  async close(deadlineMs: number): Promise<UnfinishedCalls> {
    this.#closing = true;
    await this.#inFlight.settledWithin(deadlineMs, this.#parts.clock);
    const left = this.#inFlight.count;
    this.#closed.abort();
    this.#limiter.close();
    await this.#parts.transport.destroy();
    // Lets those that fail now settle. One turn, not more: an adapter may never come back.
    await nextTurn();
    return { unsentEvents: this.#unsent.events, unanswered: left - this.#unsent.calls };
  }

  async #perform(request: ApiRequest): Promise<unknown> {
    const call = this.#begin(request);
    for (;;) {
      const entry = this.#limiter.enter(this.#remainingMs(call));
      if (entry !== true && !(await entry)) throw this.#notAdmitted(call);
      let decision: RetryDecision | undefined;
      try {
        call.attempts += 1;
        if (call.attempts > 1) this.#retried += 1;
        const result = await this.#attempts.make(call.request, call.attempts, this.#limits(call));
        if (result.kind === 'accepted') return result.value;
        if (result.code === 'PUSHER_NOT_SENT') call.attempts -= 1;
        call.lastFailure = result;
        call.maybeAccepted ||= result.maybeAccepted;
        decision = this.#decide(result, call);
      } finally {
        this.#limiter.leave(decision?.pauseAllMs);
      }
      if (!(await this.#continue(decision, call))) throw this.#failed(call.lastFailure, call);
    }
  }

  #begin(request: ApiRequest): Call {
    const prepared = this.#signer.prepare(request);
    const { retry, timeoutMs } = this.#parts.options;
    const startedAt = this.#parts.clock.elapsed();
    const { deadlineMs = Math.max(retry.deadlineMs, timeoutMs) } = request;
    const call: Call = {
      request: prepared,
      method: prepared.method,
      path: prepared.path,
      destination: this.#destination,
      idempotent: request.idempotent,
      events: request.events ?? (request.idempotent ? 0 : 1),
      deadline: startedAt + deadlineMs,
      retryDeadline: startedAt + Math.min(deadlineMs, retry.deadlineMs),
      attempts: 0,
      maybeAccepted: false,
      signedAgain: false,
    };
    if (this.#closing) throw notSentError(call, SHUTTING_DOWN);
    return call;
  }

  #decide(failed: FailedAttempt, call: Call): RetryDecision {
    const { clock, options, random } = this.#parts;
    const state = {
      attempts: call.attempts,
      idempotent: call.idempotent,
      signedAgain: call.signedAgain,
      remainingMs: call.retryDeadline - clock.elapsed(),
      timeoutMs: options.timeoutMs,
      random: random.float(),
    };
    return decideRetry(failed, state, options.retry);
  }

  /**
   * Returns false when there is no further attempt, because of the decision or because the client
   * was closed.
   */
  async #continue(decision: RetryDecision, call: Call): Promise<boolean> {
    if (decision.next === 'give-up') return false;
    if (decision.next === 'sign-again') return (call.signedAgain = true);
    return this.#parts.clock.sleep(decision.afterMs, this.#closed.signal).then(
      () => true,
      () => false,
    );
  }

  #notAdmitted(call: Call): Error {
    if (call.lastFailure !== undefined) return this.#failed(call.lastFailure, call);
    if (!this.#closed.signal.aborted) return notSentError(call, RATE_LIMITED);
    this.#countUnsent(call);
    return withoutStack(() => notSentError(call, SHUTTING_DOWN));
  }

  #failed(failure: FailedAttempt, call: Call): Error {
    if (!this.#closed.signal.aborted) return toError(failure, call);
    if (!call.maybeAccepted) this.#countUnsent(call);
    return withoutStack(() => toError(failure, call));
  }

  #countUnsent({ events }: Call): void {
    this.#unsent.calls += 1;
    this.#unsent.events += events;
  }

  #limits(call: Call): SendLimits {
    const deadlineMs = this.#remainingMs(call);
    return { timeoutMs: Math.min(this.#parts.options.timeoutMs, deadlineMs), deadlineMs };
  }

  #remainingMs({ deadline }: Call): number {
    return Math.max(1, deadline - this.#parts.clock.elapsed());
  }
}
