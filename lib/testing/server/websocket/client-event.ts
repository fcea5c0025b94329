import { channelKind } from '../../../protocol/names.js';
import type { Fields } from '../../../protocol/json.js';
import type { App } from '../app.js';
import type { Connection } from './connection.js';
import * as frames from './frames.js';
import { FrameError } from './received-frame.js';

const SECOND = 1000;

/** An event from a client to the others on a private or presence channel. */
export function clientEvent(app: App, sender: Connection, frame: Fields): void {
  const { channel: name, data } = frame;
  const event = String(frame['event']);
  if (!app.settings.clientEvents)
    throw new FrameError(
      'To send client events, you must enable this feature in the Settings page of your dashboard.',
    );
  if (typeof name !== 'string' || channelKind(name) === 'public')
    throw new FrameError('Client event rejected - only supported on private and presence channels');
  const channel = app.channels.get(name);
  if (!channel?.has(sender))
    throw new FrameError(
      `Cannot broadcast client event (connection not subscribed to channel ${name})`,
    );
  checkSize(app, event, data);
  checkRate(app, sender);
  const userId = channel.userIdOf(sender);
  const author = userId !== undefined && { user_id: userId };
  channel.broadcast(frames.event({ event, channel: name, data, ...author }), sender);
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  const { socketId } = sender;
  const fields = { channel: name, event, data: text, socket_id: socketId, ...author };
  app.webhooks.add({ name: 'client_event', ...fields });
  app.record({ type: 'client_event', socketId, channel: name, event, data });
}

function checkSize(app: App, event: string, data: unknown): void {
  const { maxEventNameLength, maxDataBytes } = app.server.settings.limits;
  if (event.length > maxEventNameLength)
    throw new FrameError(`Client event name longer than ${maxEventNameLength} characters`);
  const text = typeof data === 'string' ? data : (JSON.stringify(data) ?? '');
  if (Buffer.byteLength(text) > maxDataBytes)
    throw new FrameError(`Client event data larger than ${maxDataBytes} bytes`);
}

function checkRate(app: App, { clientEventsMs }: Connection): void {
  const { maxClientEventsPerSecond } = app.server.settings.limits;
  const nowMs = app.server.timers.now();
  while ((clientEventsMs[0] ?? Infinity) <= nowMs - SECOND) clientEventsMs.shift();
  if (clientEventsMs.length >= maxClientEventsPerSecond)
    throw new FrameError('Client event rejected due to rate limit', 4301);
  clientEventsMs.push(nowMs);
}
