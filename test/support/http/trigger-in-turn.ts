import type { PusherService } from '../../../lib/pusher.service.js';

/** Triggers so many events from so many callers, each of which waits for one before it makes the next. */
export async function triggerInTurn(
  pusher: PusherService,
  events: number,
  callers: number,
): Promise<void> {
  let next = 0;
  const call = async (): Promise<void> => {
    while (next < events) {
      next += 1;
      await pusher.trigger(`room-${next % 5}`, 'e', { next });
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
}
