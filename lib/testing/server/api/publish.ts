import { isCacheChannel } from '../../../protocol/names.js';
import { fieldsOf } from '../../../protocol/wire.js';
import type { App } from '../app.js';
import * as frames from '../websocket/frames.js';
import { Refusal } from './answer.js';
import { type ApiRequest, bodyFields } from './api-request.js';
import { type EventInput, eventIn } from './event-input.js';
import { attributesOf } from './info.js';

/** `POST /events` */
export function publishOne(request: ApiRequest): unknown {
  const { app } = request;
  const fields = bodyFields(request);
  const { channel, channels = channel === undefined ? undefined : [channel] } = fields;
  const event = eventIn(fields, channels, app.server.settings.limits);
  publish(app, event);
  if (event.infos.length === 0) return {};
  return {
    channels: Object.fromEntries(event.channels.map((name) => [name, told(app, event, name)])),
  };
}

/** `POST /batch_events`. Nothing is published when one event is refused. */
export function publishMany(request: ApiRequest): unknown {
  const { app } = request;
  const { limits } = app.server.settings;
  const { batch } = bodyFields(request);
  if (!Array.isArray(batch)) throw new Refusal(400, 'Expected batch parameter to be an array');
  if (batch.length > limits.maxEventsPerBatch)
    throw new Refusal(400, `Batch too large (> ${limits.maxEventsPerBatch})`);
  const events = batch.map((item: unknown) => {
    const fields = fieldsOf(item);
    return eventIn(fields, [fields['channel']], limits);
  });
  for (const event of events) publish(app, event);
  if (events.every(({ infos }) => infos.length === 0)) return {};
  return { batch: events.map((event) => told(app, event, event.channels[0] ?? '')) };
}

function publish(app: App, { event, channels, data, socketId }: EventInput): void {
  const except = socketId === undefined ? undefined : app.connections.get(socketId);
  for (const channel of channels) {
    if (isCacheChannel(channel)) app.cache.put(channel, event, data);
    app.channels.get(channel)?.broadcast(frames.event({ event, channel, data }), except);
  }
  app.happened({
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

function told(app: App, { infos }: EventInput, channel: string): Record<string, unknown> {
  return attributesOf(app, channel, infos);
}
