import { PusherError } from './pusher-error.js';

/** The application cannot start like this. `problems` lists every fault, one sentence each. */
export class PusherOptionsError extends PusherError {
  readonly code = 'PUSHER_INVALID_OPTIONS';

  /** @param title what the problems are about */
  constructor(
    /** One sentence for each fault: which option, what is wrong, and how to mend it. */
    readonly problems: readonly string[],
    title = 'Invalid options for PusherModule',
  ) {
    super(`${title}:\n${problems.map((text) => `  - ${text}`).join('\n')}`);
  }
}
