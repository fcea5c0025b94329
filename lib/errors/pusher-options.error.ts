import { PusherError } from './pusher-error.js';

/** The application cannot start with these options. */
export class PusherOptionsError extends PusherError {
  override name = 'PusherOptionsError';
  readonly code = 'PUSHER_INVALID_OPTIONS';

  /** @param title what the problems are about */
  constructor(
    /** One sentence for each problem: which option, what is wrong, and how to fix it. */
    readonly problems: readonly string[],
    title = 'Invalid options for PusherModule',
  ) {
    super([`${title}:`, ...problems.map((text) => `  - ${text}`)]);
  }
}
