import { fieldsOf } from '../../../protocol/json.js';
import type { App } from '../app.js';
import { clientEvent } from './client-event.js';
import type { Connection } from './connection.js';
import * as frames from './frames.js';
import { FrameError, parseJson } from './received-frame.js';
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

/** For valid JSON that cannot be handled, such as ten thousand nested lists. */
const UNREADABLE = new FrameError('Invalid frame received on socket');

/** Obeys a frame, or sends a `pusher:error` that says why not. */
export function dispatch(app: App, connection: Connection, text: string): void {
  try {
    handle(app, connection, text);
  } catch (error) {
    const { code, message } = error instanceof FrameError ? error : UNREADABLE;
    connection.send(frames.error(code, message));
    const { id: appId } = app.settings;
    app.server.recorder.record({ type: 'refused', appId, socketId: connection.socketId, message });
  }
}

function handle(app: App, connection: Connection, text: string): void {
  const value = parseJson(text);
  if (value === undefined) throw new FrameError('Invalid JSON received on socket');
  const frame = fieldsOf(value);
  const { event, data } = frame;
  if (typeof event !== 'string') throw new FrameError('Expected event to be a string');
  if (event.startsWith('client-')) return clientEvent(app, connection, frame);
  const handler = HANDLERS.get(event);
  if (!handler) throw new FrameError(`Unsupported event received on socket: ${event}`);
  // Some clients send `data` as a JSON string, as the server does.
  handler(app, connection, typeof data === 'string' ? parseJson(data) : data);
}
