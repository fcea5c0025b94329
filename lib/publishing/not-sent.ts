import { PusherConnectionError } from '../errors/pusher-connection.error.js';

const NEVER_TRIED = { method: 'POST', path: '/batch_events', attempts: 0 };

function notSent(message: string): PusherConnectionError {
  return new PusherConnectionError('PUSHER_NOT_SENT', message, NEVER_TRIED, false);
}

/** The queue is full and callers are not to wait. */
export function queueIsFull(maxQueued: number): PusherConnectionError {
  return notSent(
    `The event was not sent: ${maxQueued} events are waiting already. Trigger less at once, raise batching.maxQueued, or let callers wait with batching.whenFull: 'wait'.`,
  );
}

/** It came after the shutdown had begun. */
export function shuttingDown(): PusherConnectionError {
  return notSent(
    'The event was not sent: the application is shutting down. Trigger before the application closes.',
  );
}

/** Its turn had not come when the time for the shutdown was over. */
export function outOfTime(): PusherConnectionError {
  return notSent(
    'The event was not sent: the application shut down before its turn came. Raise shutdownTimeoutMs if events are worth waiting for.',
  );
}
