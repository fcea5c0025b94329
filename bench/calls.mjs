import { createHmac } from 'node:crypto';
import { APP } from './app.mjs';

const SOCKET_ID = '123456.7890123';
const MEMBER = { userId: 'user-42', userInfo: { name: 'Ada Lovelace', team: 'engines' } };
const USER = { id: 'user-42', userInfo: { name: 'Ada Lovelace', team: 'engines' } };
/** Ten events of three kinds, as a batching server sends them. */
const EVENTS = Array.from({ length: 10 }, (_, at) => {
  const presence = { channel: `presence-rooms.${at}`, user_id: 'user-42' };
  if (at % 3 === 0) return { name: 'member_added', ...presence };
  if (at % 3 === 1) return { name: 'channel_occupied', channel: presence.channel };
  const client = { event: 'client-typing', data: '{"on":true}', socket_id: '123456.7890123' };
  return { name: 'client_event', ...presence, ...client };
});
const RAW_BODY = JSON.stringify({ time_ms: 1_700_000_000_000, events: EVENTS });
const WEBHOOK = {
  rawBody: RAW_BODY,
  headers: {
    'content-type': 'application/json',
    'x-pusher-key': APP.key,
    'x-pusher-signature': createHmac('sha256', APP.secret).update(RAW_BODY).digest('hex'),
  },
};

/** What is measured without a server. */
export const CALLS = {
  channel: (contender) => contender.authorizeChannel(SOCKET_ID, 'private-rooms.17'),
  presence: (contender) => contender.authorizePresence(SOCKET_ID, 'presence-rooms.17', MEMBER),
  user: (contender) => contender.authenticateUser(SOCKET_ID, USER),
  webhook: (contender) => contender.receiveWebhook(WEBHOOK),
};

/** How many calls are made before the clock is read again. */
const STRIDE = 50;

/** How many calls can be made in a second. */
export function callsPerSecond(contender, name, ms) {
  const call = CALLS[name];
  const start = performance.now();
  let made = 0;
  while (performance.now() - start < ms)
    for (let at = 0; at < STRIDE; at += 1, made += 1) call(contender);
  return made / ((performance.now() - start) / 1000);
}
