import { HttpException } from '@nestjs/common';

/** The first status that blames the server and not the client. */
const SERVER_ERROR = 500;

/** Why something was not signed. A refusal with a cause is a fault of the application. */
export class Refusal extends Error {
  /** A rule may refuse with Nest's own exceptions; those below 500 are answers, not faults. */
  static by(rule: string, error: unknown): Refusal {
    if (error instanceof Refusal) return error;
    if (error instanceof HttpException && error.getStatus() < SERVER_ERROR)
      return new Refusal(`${rule} answered with ${error.getStatus()}`);
    return new Refusal(rule, { cause: error ?? new Error(`${String(error)} was thrown`) });
  }
}
