import { createHash, createHmac } from 'node:crypto';
import type { Channel, Members, PresenceChannel } from 'pusher-js';
import { type PusherService, PusherValidationError } from '../../../lib/index.js';
import { collect, firstOf, next, type PusherClient, settled } from '../testing/clients.js';
import type { ChannelsApplication } from './channels-application.js';
import { APP } from './channels-servers.js';

/** What a server was seen to do: the cell of its column in docs/servers.md. */
export type Observe = (app: ChannelsApplication) => Promise<string>;

const yesOr = (seen: boolean, otherwise = 'no'): string => (seen ? 'yes' : otherwise);

/** Whether an event that is triggered on the channel arrives there. */
const delivers =
  (name: string): Observe =>
  async (app) => {
    const client = await app.client();
    const channel = await subscribedOrRefused(client, name);
    if (channel === undefined) return 'no';
    const data = { text: 'Grüße, 世界 👋🏽', n: 1 };
    const arrived = next(channel, 'created');
    await app.pusher.trigger(name, 'created', data);
    const isSame = JSON.stringify(await arrived) === JSON.stringify(data);
    return yesOr(isSame, 'changed');
  };

const hasWebhook =
  (name: string, cause: (app: ChannelsApplication) => Promise<string>): Observe =>
  async (app) => {
    const channel = await cause(app);
    await app.webhook(name, channel);
    return 'yes';
  };

/** The rows of docs/servers.md by their first cell. Each observes a server that was started for it. */
export const CAPABILITIES: Readonly<Record<string, Observe>> = {
  'public channels': delivers('news'),
  'private channels': delivers('private-news'),
  'presence channels': delivers('presence-news'),
  'encrypted channels': delivers('private-encrypted-news'),
  'cache channels': delivers('cache-news'),
  'private cache channels': delivers('private-cache-news'),
  'presence cache channels': delivers('presence-cache-news'),
  'encrypted cache channels': delivers('private-encrypted-cache-news'),

  'last event of a cache channel for new subscribers': async (app) => {
    await app.pusher.trigger('cache-news', 'changed', { n: 1 });
    const channel = (await app.client()).subscribe('cache-news');
    return yesOr((await next<{ n: number }>(channel, 'changed')).n === 1);
  },

  batches: async (app) => {
    const client = await app.client();
    const [one, two] = [
      await app.subscribed(client, 'one'),
      await app.subscribed(client, 'private-encrypted-two'),
    ];
    const arrived = Promise.all([next(one, 'e'), next(two, 'e')]);
    await app.pusher.triggerBatch([
      { channel: 'one', event: 'e', data: 1 },
      { channel: 'private-encrypted-two', event: 'e', data: 2 },
    ]);
    return yesOr(String(await arrived) === '1,2');
  },

  'batches of more events than one request may hold': async (app) => {
    const channel = await app.subscribed(await app.client(), 'news');
    const arrived = collect<number>(channel, 'e');
    const numbers = Array.from({ length: 25 }, (_, at) => at);
    const last = next(channel, 'last');
    const { events } = await app.pusher.triggerBatch(
      numbers.map((data) => ({ channel: 'news', event: 'e', data })),
    );
    await app.pusher.trigger('news', 'last', {});
    await last;
    return yesOr(events.length === numbers.length && arrived.join() === numbers.join());
  },

  'trigger with `socketId`': async (app) => {
    const [one, two] = [await app.client(), await app.client('bob')];
    const atOne = collect(await app.subscribed(one, 'news'), 'e');
    const atTwo = next(await app.subscribed(two, 'news'), 'e');
    await app.pusher.trigger('news', 'e', 1, { socketId: one.connection.socket_id });
    await atTwo;
    await settled(one);
    return yesOr(atOne.length === 0);
  },

  'trigger with `info`': async (app) => {
    await app.subscribed(await app.client(), 'presence-news');
    const { channels } = await app.pusher.trigger('presence-news', 'e', 1, { info: ['userCount'] });
    return yesOr(channels['presence-news']?.userCount === 1);
  },

  'client events': async (app) => {
    const [one, two] = [await app.client(), await app.client('bob')];
    const channel = await app.subscribed(one, 'private-news');
    const arrived = next<{ n: number }>(await app.subscribed(two, 'private-news'), 'client-e');
    channel.trigger('client-e', { n: 1 });
    return yesOr((await arrived).n === 1);
  },

  'sign-in (`@AuthenticateUser`)': async (app) => {
    const client = await app.signedIn();
    return yesOr(client.user.user_data.id === 'ada');
  },

  '`sendToUser`': async (app) => {
    const client = await app.signedIn();
    await settled(client);
    const arrived = next<{ n: number }>(client.user, 'paid');
    await app.pusher.sendToUser('ada', 'paid', { n: 1 });
    return yesOr((await arrived).n === 1);
  },

  '`sendToUser` to several users': async (app) => {
    const clients = [await app.signedIn('ada'), await app.signedIn('bob')];
    for (const client of clients) await settled(client);
    const arrived = Promise.all(clients.map(({ user }) => next<{ n: number }>(user, 'paid')));
    await app.pusher.sendToUser(['ada', 'bob'], 'paid', { n: 1 });
    return yesOr((await arrived).every(({ n }) => n === 1));
  },

  'users whose ids Pusher refuses can sign in': async (app) => {
    const id = 'auth0|507f';
    try {
      app.pusher.authenticateUser('1.1', { id });
    } catch (error) {
      if (error instanceof PusherValidationError) return 'no';
      throw error;
    }
    const client = await app.signedIn(id);
    await settled(client);
    const signedIn = client.user.user_data.id;
    const left = next<{ current: string }>(client.connection, 'state_change');
    await app.pusher.terminateUserConnections(id);
    return yesOr(signedIn === id && (await left).current !== 'connected');
  },

  'events of `sendToUser` reach that user only': async (app) => {
    const stranger = await app.client('eve');
    const frames = collect<{ event: string }>(stranger.connection, 'message');
    const [user] = [await app.signedIn()];
    await settled(user);
    stranger.connection.send_event('pusher:subscribe', { channel: '#server-to-user-ada' });
    await settled(stranger);
    const arrived = next(user.user, 'paid');
    await app.pusher.sendToUser('ada', 'paid', { n: 1 });
    await arrived;
    await settled(stranger);
    return yesOr(!frames.some(({ event }) => event === 'paid'));
  },

  '`terminateUserConnections`': async (app) => {
    const client = await app.signedIn();
    await settled(client);
    const left = next<{ current: string }>(client.connection, 'state_change');
    await app.pusher.terminateUserConnections('ada');
    return yesOr((await left).current !== 'connected');
  },

  'watchlist events': async (app) => {
    const client = await app.client();
    const online = collect<{ user_ids: string[] }>(client.user.watchlist, 'online');
    const frames = collect<{ event: string }>(client.connection, 'message');
    client.signin();
    await client.user.signinDonePromise;
    await app.signedIn('bob');
    await settled(client);
    if (online.some(({ user_ids: ids }) => ids.includes('bob'))) return 'yes';
    return yesOr(false, frames.some(({ event }) => event === 'online') ? 'other names' : 'no');
  },

  "`'signed-in'` members": async (app) => {
    const client = await app.signedIn();
    const channel = await subscribedOrRefused(client, 'presence-signed-in');
    return yesOr((channel as PresenceChannel | undefined)?.members.me?.id === 'ada');
  },

  'members who have no `userInfo`': async (app) => {
    const client = await app.client('ada', { channelAuthorization: withoutUserInfo(app.pusher) });
    const channel = client.subscribe('presence-plain');
    const { me } = await next<Members>(channel, 'pusher:subscription_succeeded');
    return yesOr((me as { id: string } | null)?.id === 'ada');
  },

  'subscription counts for subscribers': async (app) => {
    const client = await app.client();
    const channel = client.subscribe('news');
    const counts = collect(channel, 'pusher:subscription_count');
    await next(channel, 'pusher:subscription_succeeded');
    await settled(client);
    return yesOr(counts.length > 0);
  },

  '`channels()`': async (app) => {
    const client = await app.client();
    await app.subscribed(client, 'news');
    await app.subscribed(client, 'presence-room');
    const [all, some] = [
      await app.pusher.channels(),
      await app.pusher.channels({ prefix: 'presence-' }),
    ];
    return yesOr(
      Object.keys(all).toSorted().join() === 'news,presence-room' &&
        Object.keys(some).join() === 'presence-room',
    );
  },

  '`userCount` in `channels()`': async (app) => {
    await app.subscribed(await app.client(), 'presence-room');
    const query = { prefix: 'presence-', info: ['userCount'] } as const;
    const { 'presence-room': room } = await app.pusher.channels(query);
    return yesOr(room?.userCount === 1);
  },

  '`channel()`': async (app) => {
    const empty = await app.pusher.channel('presence-room');
    await app.subscribed(await app.client(), 'presence-room');
    const { occupied, userCount } = await app.pusher.channel('presence-room', {
      info: ['userCount'],
    });
    return yesOr(!empty.occupied && occupied && userCount === 1);
  },

  '`subscriptionCount` in `channel()`': async (app) => {
    await app.subscribed(await app.client(), 'news');
    const { subscriptionCount } = await app.pusher.channel('news', { info: ['subscriptionCount'] });
    return yesOr(subscriptionCount === 1);
  },

  '`cache` in `channel()`': async (app) => {
    const data = '{"n":1}';
    await app.subscribed(await app.client(), 'cache-news');
    await app.pusher.trigger('cache-news', 'changed', data);
    const { cache } = await app.pusher.channel('cache-news', { info: ['cache'] });
    return yesOr(cache?.data === data);
  },

  '`channelUsers`': async (app) => {
    const none = await app.pusher.channelUsers('presence-room');
    await app.subscribed(await app.client(), 'presence-room');
    await app.subscribed(await app.client('bob'), 'presence-room');
    const users = await app.pusher.channelUsers('presence-room');
    const ids = users.map(({ id }) => id).toSorted();
    return yesOr(none.length === 0 && ids.join() === 'ada,bob');
  },

  'webhook `channel_occupied`': hasWebhook('channel_occupied', async (app) => {
    await app.subscribed(await app.client(), 'news');
    return 'news';
  }),

  'webhook `channel_vacated`': hasWebhook('channel_vacated', async (app) => {
    const client = await app.client();
    await app.subscribed(client, 'news');
    client.unsubscribe('news');
    return 'news';
  }),

  'webhook `member_added`': hasWebhook('member_added', async (app) => {
    await app.subscribed(await app.client(), 'presence-room');
    return 'presence-room';
  }),

  'webhook `member_removed`': hasWebhook('member_removed', async (app) => {
    const client = await app.client();
    await app.subscribed(client, 'presence-room');
    client.disconnect();
    return 'presence-room';
  }),

  'webhook `client_event`': hasWebhook('client_event', async (app) => {
    const channel = await app.subscribed(await app.client(), 'private-news');
    channel.trigger('client-e', { n: 1 });
    return 'private-news';
  }),

  'webhook `cache_miss`': hasWebhook('cache_miss', async (app) => {
    await app.subscribed(await app.client(), 'cache-news');
    return 'cache-news';
  }),

  'webhook `subscription_count`': async (app) => {
    const client = await app.client();
    await app.subscribed(client, 'news');
    client.unsubscribe('news');
    await app.webhook('channel_vacated', 'news');
    return yesOr(app.webhooks.some(({ name }) => name === 'subscription_count'));
  },

  'wrong signatures are rejected': async (app) =>
    yesOr((await rawStatus(app, { secret: 'wrong' })) === 401),

  'old requests are rejected': async (app) =>
    yesOr((await rawStatus(app, { ageSeconds: 3600 })) === 401),
};

/** The channel once it is subscribed, or `undefined` when the server has refused it or hung up. */
async function subscribedOrRefused(
  client: PusherClient,
  name: string,
): Promise<Channel | undefined> {
  const channel = client.subscribe(name);
  const first = await firstOf(
    [channel, 'pusher:subscription_succeeded'],
    [channel, 'pusher:subscription_error'],
    [client.connection, 'error'],
    [client.connection, 'state_change'],
  );
  return first === 0 ? channel : undefined;
}

function withoutUserInfo(pusher: PusherService) {
  return {
    transport: 'ajax' as const,
    endpoint: '',
    customHandler: (
      { socketId, channelName }: { socketId: string; channelName: string },
      callback: (error: null, data: { auth: string }) => void,
    ) => callback(null, pusher.authorizeChannel(socketId, channelName, { userId: 'ada' })),
  };
}

/** The status of a signed request, which soketi puts into the body. */
async function rawStatus(
  { port }: ChannelsApplication,
  { secret = APP.secret as string, ageSeconds = 0 },
): Promise<number> {
  const body = '{"name":"e","channel":"news","data":"1"}';
  const path = `/apps/${APP.appId}/events`;
  const query = [
    `auth_key=${APP.key}`,
    `auth_timestamp=${Math.floor(Date.now() / 1000) - ageSeconds}`,
    'auth_version=1.0',
    `body_md5=${createHash('md5').update(body).digest('hex')}`,
  ].join('&');
  const signature = createHmac('sha256', secret).update(`POST\n${path}\n${query}`).digest('hex');
  const response = await fetch(
    `http://127.0.0.1:${port}${path}?${query}&auth_signature=${signature}`,
    { method: 'POST', headers: { 'content-type': 'application/json' }, body },
  );
  const { code } = (await response.json().catch(() => ({}))) as { code?: unknown };
  return typeof code === 'number' ? code : response.status;
}
