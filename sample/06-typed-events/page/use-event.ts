import type { TypedChannel } from 'nestjs-pusher-channels/client';
import { useEffect, useRef } from 'react';

export function useEvent<Events, Name extends keyof Events & string>(
  channel: TypedChannel<Events>,
  event: Name,
  handler: (data: Events[Name]) => void,
): void {
  const latest = useRef(handler);
  useEffect(() => void (latest.current = handler));
  useEffect(() => channel.bind(event, (data) => latest.current(data)), [channel, event]);
}
