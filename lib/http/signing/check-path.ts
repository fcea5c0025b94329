import { PusherValidationError } from '../../errors/pusher-validation.error.js';

/**
 * What may stand in a path as it is: servers verify the path as they receive it. Without the segments
 * `.` and `..`, which HTTP clients resolve on the way.
 */
const PATH = /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9\-._~!$&'()*+,;=:@%]*)+$/;

/**
 * Checks what follows `/apps/<id>` in a path.
 * @throws PusherValidationError when it would have to be changed before it can travel
 */
export function checkPath(path: unknown): asserts path is string {
  if (typeof path === 'string' && PATH.test(path)) return;
  throw new PusherValidationError(
    'path',
    '`path` must be what follows /apps/<id>, such as "/channels": it begins with "/", is percent-encoded where needed, and its parameters go into `query`.',
  );
}
