import { PusherError } from '../errors/pusher-error.js';
import { PusherValidationError } from '../errors/pusher-validation.error.js';
import { isInstance } from '../errors/safe-cause.js';
import { quoted } from '../protocol/names.js';

/** What a call was about. */
export interface CallSubject {
  /** Name of the event. */
  readonly event?: string | undefined;
  readonly channels?: readonly string[];
  /** How many events one request had. @default 1 */
  readonly events?: number;
}

/** How many channels a message names. */
const NAMED_CHANNELS = 3;

/** Makes errors say which call failed: its event, its channels, and the functions that wait for it. */
export class ErrorLocator {
  /** @param host host and port of the server; without one, errors stay as they are: they come from a test */
  constructor(private readonly host: string | undefined) {}

  /**
   * Completes the error of one call, which no other caller has. Call this in the async function that
   * waited for the request: an error is made where a response arrives, and V8 finds the functions that
   * wait only from a function that continues.
   */
  locate(error: unknown, subject: CallSubject = {}): unknown {
    if (this.host === undefined || !isInstance(error, PusherError)) return error;
    // Thrown where the caller is on the stack, and nothing was to be sent.
    if (isInstance(error, PusherValidationError)) return error;
    const { event, channels = [], events = 1 } = subject;
    error.host ??= this.host;
    if (event !== undefined) error.event = event;
    if (channels.length > 0) error.channels = channels;
    if (isOneOfAMass(error)) return error;
    if (event !== undefined || events > 1)
      error.message = `${described(event, events)} on ${listed(channels)}: ${error.message}`;
    Error.captureStackTrace?.(error);
    return error;
  }
}

function described(event: string | undefined, events: number): string {
  const name = event === undefined ? '' : ` ${quoted(event)}`;
  return events === 1 ? `Event${name}` : `${events} events${name}`;
}

function listed(channels: readonly string[]): string {
  const named = channels.slice(0, NAMED_CHANNELS).map((name) => quoted(name));
  const others = channels.length - named.length;
  return others > 0 ? `${named.join(', ')} and ${others} more channels` : named.join(', ');
}

/**
 * Errors of very many calls that fail at once are made without a stack, to save time. Their messages
 * stay short for the same reason; what they were about is in their fields.
 */
function isOneOfAMass({ stack }: PusherError): boolean {
  return Error.stackTraceLimit > 0 && stack?.includes('\n    at ') !== true;
}
