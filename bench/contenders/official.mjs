import Pusher from 'pusher';
import { APP } from '../app.mjs';
import { TunnelAgent } from './tunnel-agent.mjs';

/** The official package as it comes: on Node 19 and newer it keeps up to 256 idle connections. */
export function official({ host, port, useTLS, proxy }) {
  const agent = proxy === undefined ? undefined : new TunnelAgent(proxy);
  const pusher = new Pusher({ ...APP, host, port: String(port), useTLS, agent });
  return {
    trigger: (channel, event, data) => pusher.trigger(channel, event, data),
    authorizeChannel: (socketId, channel) => pusher.authorizeChannel(socketId, channel),
    authorizePresence: (socketId, channel, { userId, userInfo }) =>
      pusher.authorizeChannel(socketId, channel, { user_id: userId, user_info: userInfo }),
    authenticateUser: (socketId, { id, userInfo }) =>
      pusher.authenticateUser(socketId, { id, user_info: userInfo }),
    receiveWebhook({ headers, rawBody }) {
      const webhook = pusher.webhook({ headers, rawBody });
      if (!webhook.isValid()) throw new Error('the webhook is not valid');
      return [webhook.getTime(), webhook.getEvents()];
    },
    async close() {
      agent?.destroy();
    },
  };
}
