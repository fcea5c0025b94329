import type Pusher from 'pusher-js';
import { useSyncExternalStore } from 'react';

/** The state of the connection, such as `connected`. */
export function useConnectionState({ connection }: Pusher): string {
  return useSyncExternalStore(
    (changed) => {
      connection.bind('state_change', changed);
      return () => void connection.unbind('state_change', changed);
    },
    () => connection.state,
  );
}
