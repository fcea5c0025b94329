import { Agent } from 'node:http';
import Pusher from 'pusher';
import { APP } from '../app.mjs';

/** The official package, as it comes or with an agent that keeps its connections. */
export function official({ port, keepAlive = false }) {
  const agent = keepAlive ? new Agent({ keepAlive: true }) : undefined;
  const pusher = new Pusher({ ...APP, port: String(port), agent });
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
