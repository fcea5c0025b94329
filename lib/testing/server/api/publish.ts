import { isCacheChannel } from '../../../protocol/names.js';
import { fieldsOf } from '../../../protocol/json.js';
import type { App } from '../app.js';
import * as frames from '../websocket/frames.js';
import { ApiError } from './response.js';
import { type VerifiedRequest, jsonObjectIn } from './verified-request.js';
import { type EventInput, eventIn } from './event-input.js';
import { attributesOf } from './channel-attributes.js';

/** `POST /events` */
export function publishOne(request: VerifiedRequest): unknown {
  const { app } = request;
  const fields = jsonObjectIn(request);
  const { channel, channels = channel === undefined ? undefined : [channel] } = fields;
  const event = eventIn(app, fields, channels);
  publish(app, event);
  if (event.attributes.length === 0) return {};
  return {
    channels: Object.fromEntries(
      event.channels.map((name) => [name, attributesOf(app, name, event.attributes)]),
    ),
  };
}

/** `POST /batch_events`. Nothing is published when one event is not valid. */
export function publishMany(request: VerifiedRequest): unknown {
  const { app } = request;
  const { limits } = app.server.settings;
  const { batch } = jsonObjectIn(request);
  if (!Array.isArray(batch)) throw new ApiError(400, 'Expected batch parameter to be an array');
  if (batch.length > limits.maxEventsPerBatch)
    throw new ApiError(400, `Batch too large (> ${limits.maxEventsPerBatch})`);
  const events = batch.map((item: unknown) => {
    const fields = fieldsOf(item);
    return eventIn(app, fields, [fields['channel']]);
  });
  for (const event of events) publish(app, event);
  if (events.every(({ attributes }) => attributes.length === 0)) return {};
  return {
    batch: events.map((event) => attributesOf(app, event.channels[0] ?? '', event.attributes)),
  };
}

function publish(app: App, { event, channels, data, socketId }: EventInput): void {
  const except = socketId === undefined ? undefined : app.connections.get(socketId);
  for (const channel of channels) {
    if (isCacheChannel(channel)) app.cache.put(channel, event, data);
    app.channels.get(channel)?.broadcast(frames.event({ event, channel, data }), except);
  }
  app.record({
    type: 'published',
    published: {
      appId: app.settings.id,
      event,
      channels,
      data,
      ...(socketId !== undefined && { socketId }),
    },
  });
}
