import type { LogSink } from '../errors/line-logger.js';
import { isInstance } from '../errors/safe-cause.js';
import type { Clock } from '../runtime/clock.js';
import {
  type Accepted,
  judgeResponse,
  type Judgement,
  type RejectedResponse,
} from './response/judge-response.js';
import type { SecretRedactor } from './secret-redactor.js';
import type { ServerClock } from './server-clock.js';
import type { PreparedRequest, RequestSigner } from './signing/sign-request.js';
import {
  type HttpTransport,
  type SendLimits,
  TransportFailure,
} from './transport/http-transport.js';

/** How one attempt ended. Plain data without secrets: enough to decide what follows, and to report it. */
export type AttemptResult = Accepted | FailedAttempt;

/** An attempt that did not bring what was requested. */
export type FailedAttempt = Rejected | Unanswered;

/** The server responded, but not with what was requested. */
export interface Rejected extends RejectedResponse {
  /** It was signed with a time that the response has shown to be wrong, and that is corrected now. */
  readonly signedWithWrongTime: boolean;
}

/** There was no response. */
export interface Unanswered {
  readonly kind: 'unanswered';
  readonly code: TransportFailure['code'];
  /** What happened, as a part of a sentence. */
  readonly message: string;
  /** Whether the server can have acted on the request. */
  readonly maybeAccepted: boolean;
  /** Timeouts of the app, this one included, since the server last responded; 0 for other failures. */
  readonly timeoutsInARow: number;
  readonly cause?: unknown;
}

/** What attempts are made with. */
export interface AttemptParts {
  readonly signer: RequestSigner;
  readonly transport: HttpTransport;
  readonly clock: Clock;
  readonly serverClock: ServerClock;
  readonly redactor: SecretRedactor;
  readonly logger: LogSink;
}

/** Makes the attempts of one app: each is signed, sent, judged and logged. */
export class Attempts {
  #timeoutsInARow = 0;

  constructor(private readonly parts: AttemptParts) {}

  /**
   * @param number of the attempt, from 1
   * @throws PusherValidationError when a query parameter cannot be signed
   */
  async make(request: PreparedRequest, number: number, limits: SendLimits): Promise<AttemptResult> {
    const { signer, transport, clock, serverClock, redactor } = this.parts;
    const startedAt = clock.elapsed();
    const { offsetMs } = serverClock;
    const signed = signer.sign(request, Math.floor(serverClock.now() / 1000));
    try {
      const response = await transport.send(signed, limits);
      this.#timeoutsInARow = 0;
      const judgement = judgeResponse(response, serverClock.now());
      this.#log(request, number, startedAt, judgement, response.status);
      if (judgement.kind === 'accepted') return judgement;
      return {
        ...judgement,
        text: redactor.excerpt(judgement.text),
        remedy: redactor.redact(judgement.remedy),
        signedWithWrongTime: judgement.status === 401 && serverClock.learnFrom(response, offsetMs),
      };
    } catch (error) {
      const failure = redactor.failure(failureOf(error));
      const result = this.#unanswered(failure);
      this.#log(request, number, startedAt, result);
      return result;
    }
  }

  #unanswered({ code, message, maybeAccepted, cause }: TransportFailure): Unanswered {
    const timedOut = code === 'PUSHER_TIMEOUT';
    if (timedOut) this.#timeoutsInARow += 1;
    const timeoutsInARow = timedOut ? this.#timeoutsInARow : 0;
    return { kind: 'unanswered', code, message, maybeAccepted, timeoutsInARow, cause };
  }

  /** Every attempt comes by here, so nothing is built for a log that is off. */
  #log(
    { method, path }: PreparedRequest,
    number: number,
    startedAt: number,
    result: Judgement | Unanswered,
    status?: number,
  ): void {
    const { logger, clock } = this.parts;
    if (!logger.isDebugEnabled()) return;
    const ms = Math.round(clock.elapsed() - startedAt);
    logger.debug(`${method} ${path} ${outcomeOf(result, status)}, attempt ${number}, ${ms} ms`);
  }
}

function outcomeOf(result: Judgement | Unanswered, status?: number): number | string | undefined {
  if (result.kind === 'unanswered') return `no response (${result.message})`;
  return result.kind === 'rejected' ? result.status : status;
}

/** An interceptor or adapter may return a response that fails when it is read. */
function failureOf(error: unknown): TransportFailure {
  return isInstance(error, TransportFailure)
    ? error
    : new TransportFailure(
        'PUSHER_CONNECTION_FAILED',
        'the response could not be read',
        true,
        error,
      );
}
