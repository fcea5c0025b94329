import type { FailedExchange } from '../errors/pusher-connection.error.js';
import type { PusherError } from '../errors/pusher-error.js';
import type { Clock } from '../runtime/clock.js';
import type { SecretRedactor } from './secret-redactor.js';
import { refusalError, unansweredError } from './errors.js';
import { type HttpResponse, type HttpTransport, headerOf } from './transport/http-transport.js';
import { judgeResponse, type Refused } from './response/judge-response.js';
import type { PreparedRequest, RequestSigner } from './signing/request-signer.js';
import { readRetryAfter } from './response/retry-after.js';
import type { FailedAttempt } from './retry-policy.js';
import { dateOf, type ServerClock } from './server-clock.js';
import { TransportFailure } from './transport/transport-failure.js';

/** How one attempt ended. */
export type Outcome = { readonly accepted: true; readonly value: unknown } | FailedOutcome;

/** An attempt that did not end well. */
export interface FailedOutcome {
  readonly accepted: false;
  readonly failed: FailedAttempt;
  /**
   * The error, should this have been the last attempt.
   * @param maybeAccepted whether an earlier attempt may have been accepted
   */
  readonly error: (exchange: FailedExchange, maybeAccepted: boolean) => PusherError;
  /** It was signed with a time that is now known to be wrong: worth another attempt at once. */
  readonly signAgain: boolean;
}

/** What a sender works with. */
export interface RequestSenderParts {
  readonly signer: RequestSigner;
  readonly transport: HttpTransport;
  readonly clock: Clock;
  readonly serverClock: ServerClock;
  readonly redactor: SecretRedactor;
  readonly debug: (message: string) => void;
}

/** Makes single attempts: signs, sends, reads the answer, judges. */
export class RequestSender {
  /** Timeouts since the server last answered anything. */
  #silentTimeouts = 0;

  constructor(private readonly parts: RequestSenderParts) {}

  /** @throws PusherValidationError when a query parameter cannot be signed */
  async attempt(request: PreparedRequest, attempt: number, timeoutMs: number): Promise<Outcome> {
    const { signer, transport, clock, serverClock } = this.parts;
    const sentAt = clock.elapsed();
    const offsetMs = serverClock.offsetMs;
    const signed = signer.sign(request, Math.floor(serverClock.now() / 1000));
    try {
      const answer = await transport.send(signed, timeoutMs);
      this.#silentTimeouts = 0;
      const judgement = judgeResponse(answer);
      this.#report(request, attempt, sentAt, judgement.accepted ? answer.status : judgement.status);
      if (judgement.accepted) return judgement;
      return {
        accepted: false,
        failed: this.#failureOf(judgement, answer),
        error: (exchange) => this.#refusalError(exchange, judgement),
        signAgain: judgement.status === 401 && serverClock.learnFrom(answer, offsetMs),
      };
    } catch (error) {
      const failure = this.parts.redactor.failure(failureOf(error));
      this.#report(request, attempt, sentAt, `no answer (${failure.message})`);
      return this.#unanswered(failure);
    }
  }

  #failureOf({ code, status }: Refused, answer: HttpResponse): FailedAttempt {
    if (code === 'PUSHER_BAD_RESPONSE') return { kind: 'not-retryable' };
    // A date is meant by the clock that the server shows beside it.
    const nowMs = dateOf(answer) ?? this.parts.serverClock.now();
    const retryAfterMs = readRetryAfter(headerOf(answer, 'retry-after'), nowMs);
    return { kind: 'refused', status, retryAfterMs };
  }

  #refusalError(exchange: FailedExchange, refused: Refused): PusherError {
    const { redactor } = this.parts;
    const text = redactor.excerpt(refused.text);
    return refusalError(exchange, { ...refused, text, remedy: redactor.text(refused.remedy) });
  }

  #unanswered(failure: TransportFailure): Outcome {
    const { code, maybeAccepted } = failure;
    const timedOut = code === 'PUSHER_TIMEOUT';
    if (timedOut) this.#silentTimeouts += 1;
    return {
      accepted: false,
      failed:
        code === 'PUSHER_NOT_SENT'
          ? { kind: 'not-retryable' }
          : {
              kind: 'unanswered',
              maybeAccepted,
              timedOut,
              serverSilent: this.#silentTimeouts > 1,
            },
      error: (exchange, accepted) => unansweredError(exchange, failure, accepted || maybeAccepted),
      signAgain: false,
    };
  }

  #report(
    { method, path }: PreparedRequest,
    attempt: number,
    sentAt: number,
    result: number | string,
  ): void {
    const ms = Math.round(this.parts.clock.elapsed() - sentAt);
    this.parts.debug(`${method} ${path} ${result}, attempt ${attempt}, ${ms} ms`);
  }
}

/** What an interceptor or adapter made of an answer can be such that even reading it fails. */
function failureOf(error: unknown): TransportFailure {
  return error instanceof TransportFailure
    ? error
    : new TransportFailure(
        'PUSHER_CONNECTION_FAILED',
        'what came back could not be read',
        true,
        error,
      );
}
