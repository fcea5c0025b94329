import { createHmac } from 'node:crypto';
import { APP } from './app.mjs';

/** An event of one of three kinds, as a batching server sends them. */
function eventAt(at) {
  const presence = { channel: `presence-rooms.${at}`, user_id: 'user-42' };
  if (at % 3 === 0) return { name: 'member_added', ...presence };
  if (at % 3 === 1) return { name: 'channel_occupied', channel: presence.channel };
  const client = { event: 'client-typing', data: '{"on":true}', socket_id: '123456.7890123' };
  return { name: 'client_event', ...presence, ...client };
}

/** A signed webhook with so many events. */
export function signedWebhook(count) {
  const events = Array.from({ length: count }, (_, at) => eventAt(at));
  const rawBody = JSON.stringify({ time_ms: 1_700_000_000_000, events });
  return {
    rawBody,
    headers: {
      'content-type': 'application/json',
      'x-pusher-key': APP.key,
      'x-pusher-signature': createHmac('sha256', APP.secret).update(rawBody).digest('hex'),
    },
  };
}
