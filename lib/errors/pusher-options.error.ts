import { PusherError } from './pusher-error.js';

/** The options of the module cannot work. `problems` lists every fault, one sentence each. */
export class PusherOptionsError extends PusherError {
  readonly code = 'PUSHER_INVALID_OPTIONS';

  constructor(readonly problems: readonly string[]) {
    super(`Invalid options for PusherModule:\n${problems.map((text) => `  - ${text}`).join('\n')}`);
  }
}
