import type { App } from '../app.js';
import type { Connection } from './connection.js';
import * as frames from './frames.js';

const UNAUTHORIZED = 4009;
const NO_PONG = 4201;

/** Watches over one connection. The result ends the watch. */
export function watchOver(app: App, connection: Connection): () => void {
  const { timers, settings } = app.server;
  const { activityTimeoutSeconds, pongTimeoutMs } = settings;
  // By then a living client has asked by itself, and waited for the answer.
  const silenceMs = activityTimeoutSeconds * 1000 + pongTimeoutMs;
  let cancelLook = timers.after(silenceMs, look);

  // One plan at a time, looked at again when it falls due: cheaper than a new one for every frame.
  function look(): void {
    const quietMs = timers.now() - connection.lastHeardMs;
    if (quietMs >= silenceMs + pongTimeoutMs)
      return connection.close(NO_PONG, 'Pong reply not received');
    const isSilent = quietMs >= silenceMs;
    if (isSilent) connection.send(frames.ping());
    const dueMs = isSilent ? silenceMs + pongTimeoutMs : silenceMs;
    cancelLook = timers.after(dueMs - quietMs, look);
  }

  const cancelAuthorization = timers.after(app.settings.authorizationTimeoutMs, () => {
    if (!connection.authorized)
      connection.close(UNAUTHORIZED, 'Connection not authorized within timeout');
  });
  return () => {
    cancelLook();
    cancelAuthorization();
  };
}
