import { signedWebhook } from '../webhook.mjs';

const SOCKET_ID = '123456.7890123';
const MEMBER = { userId: 'user-42', userInfo: { name: 'Ada Lovelace', team: 'engines' } };
const USER = { id: 'user-42', userInfo: { name: 'Ada Lovelace', team: 'engines' } };
const WEBHOOK = signedWebhook(10);

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
