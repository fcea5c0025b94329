import type { PusherErrorCode } from './error-code.js';
import { safeCause } from './safe-cause.js';

/** Common ancestor of all errors of this library: `error instanceof PusherError` catches them all. */
export abstract class PusherError extends Error {
  /** Safe to branch on; the message is for people. */
  abstract readonly code: PusherErrorCode;

  /**
   * Set when one call was split into several requests: how many events (of `triggerBatch`) or channels
   * (of `trigger` with `splitChannels`) the server had accepted before this error.
   */
  declare accepted?: number;

  /** @param cause the error behind this one; only its name, message, code and stack are kept */
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause: causeOf(cause) });
    this.name = new.target.name;
  }

  /** What loggers write: the public properties, with name and message. */
  toJSON(): Record<string, unknown> {
    return { ...(this as object), name: this.name, message: this.message };
  }
}

function causeOf(cause: unknown): unknown {
  return cause instanceof PusherError ? cause : safeCause(cause);
}
