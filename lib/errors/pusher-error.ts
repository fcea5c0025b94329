import type { PusherErrorCode } from './error-code.js';
import { printable } from './printable.js';
import { isInstance, safeCause } from './safe-cause.js';

/** How many functions of this library may be on the stack, so that those of the application are there too. */
const OWN_FRAMES = 12;

/** Common ancestor of all errors of this library: `error instanceof PusherError` catches them all. */
export abstract class PusherError extends Error {
  /** The name of the class, also in a bundle whose classes have been renamed. */
  abstract override name: string;

  /** Safe to branch on; the message is for people. */
  abstract readonly code: PusherErrorCode;

  /**
   * Set when one call was split into several requests: how many events (of `triggerBatch`),
   * channels (of `trigger` with `splitChannels`) or users (of `sendToUser`) the server had accepted
   * before this error.
   */
  declare accepted?: number;

  /** Name of the event that the call was about; absent where it was about none, or about several. */
  declare event?: string;

  /** The channels that the call was about; absent where it was about none. */
  declare channels?: readonly string[];

  /** Host and port of the server, such as `api-eu.pusher.com:443`; absent where nothing was to be sent. */
  declare host?: string;

  /**
   * @param message a sentence, or lines; what is unprintable in it is escaped
   * @param cause the error behind this one; only its name, message, code and stack are kept
   */
  constructor(message: string | readonly string[], cause?: unknown) {
    const { stackTraceLimit } = Error;
    // Unlike an assignment, this does not throw where `Error` is frozen. With 0, no stack is wanted.
    if (stackTraceLimit > 0) Reflect.set(Error, 'stackTraceLimit', stackTraceLimit + OWN_FRAMES);
    super(
      typeof message === 'string' ? printable(message) : message.map(printable).join('\n'),
      cause === undefined ? undefined : { cause: causeOf(cause) },
    );
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit);
  }

  /** What loggers write: the public properties, with name and message. */
  toJSON(): Record<string, unknown> {
    return { ...(this as object), name: this.name, message: this.message };
  }
}

function causeOf(cause: unknown): unknown {
  return isInstance(cause, PusherError) ? cause : safeCause(cause);
}
