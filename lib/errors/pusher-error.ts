import type { PusherErrorCode } from './error-code.js';
import { printable } from './printable.js';
import { isInstance, safeCause } from './safe-cause.js';

/** Common ancestor of all errors of this library: `error instanceof PusherError` catches them all. */
export abstract class PusherError extends Error {
  /** Safe to branch on; the message is for people. */
  abstract readonly code: PusherErrorCode;

  /**
   * Set when one call was split into several requests: how many events (of `triggerBatch`) or channels
   * (of `trigger` with `splitChannels`) the server had accepted before this error.
   */
  declare accepted?: number;

  /**
   * @param message a sentence, or lines; what is unprintable in it is escaped
   * @param cause the error behind this one; only its name, message, code and stack are kept
   */
  constructor(message: string | readonly string[], cause?: unknown) {
    super(
      [message].flat().map(printable).join('\n'),
      cause === undefined ? undefined : { cause: causeOf(cause) },
    );
    this.name = new.target.name;
  }

  /** What loggers write: the public properties, with name and message. */
  toJSON(): Record<string, unknown> {
    return { ...(this as object), name: this.name, message: this.message };
  }
}

function causeOf(cause: unknown): unknown {
  return isInstance(cause, PusherError) ? cause : safeCause(cause);
}
