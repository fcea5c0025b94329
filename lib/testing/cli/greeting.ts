import type { PusherTestServer } from '../server/pusher-test-server.js';
import type { Painter } from './painter.js';

/** What to put where, said once when the server is up. */
export function greeting(
  server: PusherTestServer,
  appIds: readonly string[],
  paint: Painter,
): string {
  const blocks = appIds.map((id) => {
    const { key } = server.optionsOf(id);
    return [
      paint('bold', `App ${id}`),
      `  PUSHER_URL=${server.urlOf(id)}`,
      `  new Pusher(${JSON.stringify(key)}, ${inJavaScript(server.clientOptions)})`,
    ].join('\n');
  });
  return `${blocks.join('\n\n')}\n\n${paint('dim', 'Listening. Ctrl-C ends it.')}`;
}

/** The same for programs. */
export function greetingJson(server: PusherTestServer, appIds: readonly string[]): string {
  const apps = appIds.map((id) => ({ ...server.optionsOf(id), url: server.urlOf(id) }));
  return JSON.stringify({ type: 'listening', apps, clientOptions: server.clientOptions });
}

function inJavaScript(value: object): string {
  return JSON.stringify(value)
    .replace(/"(\w+)":/g, ' $1: ')
    .replaceAll('"', "'")
    .replace(/}$/, ' }');
}
