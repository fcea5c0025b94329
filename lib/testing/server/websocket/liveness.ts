import type { App } from '../app.js';
import type { Connection } from './connection.js';
import * as frames from './frames.js';

const UNAUTHORIZED = 4009;
const NO_PONG = 4201;
/** How long a client may take to send a pong. The same time is granted for its own ping. */
const PONG_TIMEOUT_MS = 30_000;

/** Closes a connection that is silent or unauthorized for too long. The result ends the checks. */
export function checkLiveness(app: App, connection: Connection): () => void {
  const { timers, settings } = app.server;
  // By then a working client has sent a ping itself, and waited for the pong.
  const silenceMs = settings.activityTimeoutSeconds * 1000 + PONG_TIMEOUT_MS;
  let cancelCheck = timers.after(silenceMs, check);

  // One timer at a time, renewed when it fires: cheaper than a new one for every frame.
  function check(): void {
    const quietMs = timers.now() - connection.lastReceivedMs;
    if (quietMs >= silenceMs + PONG_TIMEOUT_MS)
      return connection.close(NO_PONG, 'Pong reply not received');
    const isSilent = quietMs >= silenceMs;
    if (isSilent) connection.send(frames.ping());
    const dueMs = isSilent ? silenceMs + PONG_TIMEOUT_MS : silenceMs;
    cancelCheck = timers.after(dueMs - quietMs, check);
  }

  const cancelAuthorization = timers.after(app.settings.authorizationTimeoutMs, () => {
    if (!connection.authorized)
      connection.close(UNAUTHORIZED, 'Connection not authorized within timeout');
  });
  return () => {
    cancelCheck();
    cancelAuthorization();
  };
}
