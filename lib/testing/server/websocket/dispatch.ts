import { fieldsOf } from '../../../protocol/wire.js';
import type { App } from '../app.js';
import { clientEvent } from './client-event.js';
import type { Connection } from './connection.js';
import * as frames from './frames.js';
import { jsonIn } from './json.js';
import { RefusedFrame } from './refused-frame.js';
import { signIn } from './sign-in.js';
import { subscribe, unsubscribe } from './subscribe.js';

type Handler = (app: App, connection: Connection, data: unknown) => void;

const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['pusher:ping', (_app, connection) => connection.send(frames.pong())],
  ['pusher:pong', () => undefined],
  ['pusher:subscribe', subscribe],
  ['pusher:unsubscribe', unsubscribe],
  ['pusher:signin', signIn],
]);

/** For what JSON allows and nobody can handle, such as ten thousand lists inside each other. */
const UNREADABLE = new RefusedFrame('Invalid frame received on socket');

/** Does what a frame asks, or says in a `pusher:error` why not. */
export function dispatch(app: App, connection: Connection, text: string): void {
  try {
    handle(app, connection, text);
  } catch (error) {
    const { code, message } = error instanceof RefusedFrame ? error : UNREADABLE;
    connection.send(frames.error(code, message));
    const { id: appId } = app.settings;
    app.server.happened({ type: 'refused', appId, socketId: connection.socketId, message });
  }
}

function handle(app: App, connection: Connection, text: string): void {
  const value = jsonIn(text);
  if (value === undefined) throw new RefusedFrame('Invalid JSON received on socket');
  const frame = fieldsOf(value);
  const { event, data } = frame;
  if (typeof event !== 'string') throw new RefusedFrame('Expected event to be a string');
  if (event.startsWith('client-')) return clientEvent(app, connection, frame);
  const handler = HANDLERS.get(event);
  if (!handler) throw new RefusedFrame(`Unsupported event received on socket: ${event}`);
  // Some clients send `data` as a text that holds JSON, as the server does.
  handler(app, connection, typeof data === 'string' ? jsonIn(data) : data);
}
