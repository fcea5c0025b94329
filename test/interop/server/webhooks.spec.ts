import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Channel } from 'pusher-js';
import { PusherTestServer } from '../../../lib/testing/index.js';
import { ServerWithClients, settled } from '../../support/testing/clients.js';
import { WebhookSink } from '../../support/webhooks/sink.js';

describe('webhooks, read by the official server package', () => {
  let sink: WebhookSink;
  let setup: ServerWithClients;
  beforeEach(async () => {
    sink = await WebhookSink.start();
    setup = new ServerWithClients(
      await PusherTestServer.start({ webhookUrl: sink.url, apps: [{ subscriptionCount: true }] }),
    );
  });
  afterEach(async () => {
    await setup.end();
    await sink.stop();
  });

  /** What arrived up to now, valid or not at all. */
  async function events(): Promise<object[]> {
    const { server } = setup;
    await server.until(
      () => server.webhooks().every(({ attempts }) => attempts.length > 0),
      'all webhooks to be delivered',
    );
    const official = setup.official();
    return sink.received.flatMap(({ headers, body }) => {
      const webhook = official.webhook({ headers, rawBody: body });
      expect(webhook.isValid()).toBe(true);
      expect(Math.abs(webhook.getTime().getTime() - Date.now())).toBeLessThan(10_000);
      return webhook.getEvents();
    });
  }

  it('report when a channel is occupied and vacated, once', async () => {
    const [one, two] = [await setup.client(), await setup.client()];
    await setup.subscribed(one, 'private-room');
    await setup.subscribed(two, 'private-room');
    one.unsubscribe('private-room');
    await settled(one);
    two.disconnect();
    await setup.server.nextWebhook('channel_vacated');
    expect(await events()).toEqual([
      { name: 'channel_occupied', channel: 'private-room' },
      { name: 'subscription_count', channel: 'private-room', subscription_count: 1 },
      { name: 'subscription_count', channel: 'private-room', subscription_count: 2 },
      { name: 'subscription_count', channel: 'private-room', subscription_count: 1 },
      { name: 'channel_vacated', channel: 'private-room' },
      { name: 'subscription_count', channel: 'private-room', subscription_count: 0 },
    ]);
  });

  it('report members, once for each user', async () => {
    const clients = [];
    for (const user_id of ['ada', 'bob', 'bob']) {
      const client = await setup.client({ member: { user_id } });
      await setup.subscribed(client, 'presence-room');
      clients.push(client);
    }
    for (const client of clients) {
      client.unsubscribe('presence-room');
      await settled(client);
    }
    await setup.server.nextWebhook('channel_vacated');
    expect(await events()).toEqual([
      { name: 'channel_occupied', channel: 'presence-room' },
      { name: 'member_added', channel: 'presence-room', user_id: 'ada' },
      { name: 'member_added', channel: 'presence-room', user_id: 'bob' },
      { name: 'member_removed', channel: 'presence-room', user_id: 'ada' },
      { name: 'member_removed', channel: 'presence-room', user_id: 'bob' },
      { name: 'channel_vacated', channel: 'presence-room' },
    ]);
  });

  it('report client events, with the user where there is one', async () => {
    const client = await setup.client({ member: { user_id: 'ada' } });
    const trigger = async (channel: Channel, data: unknown) => {
      channel.trigger('client-typing', data);
      await setup.server.nextWebhook('client_event');
    };
    await trigger(await setup.subscribed(client, 'presence-room'), { on: true });
    await trigger(await setup.subscribed(client, 'private-room'), 'text');
    const fields = { name: 'client_event', event: 'client-typing' };
    const socket_id = client.connection.socket_id;
    expect((await events()).filter((event) => 'event' in event)).toEqual([
      { ...fields, channel: 'presence-room', data: '{"on":true}', socket_id, user_id: 'ada' },
      { ...fields, channel: 'private-room', data: 'text', socket_id },
    ]);
  });

  it('report cache misses', async () => {
    const client = await setup.client();
    await setup.subscribed(client, 'cache-news');
    client.unsubscribe('cache-news');
    await setup.official().trigger('cache-news', 'event', {});
    await setup.subscribed(client, 'cache-news');
    await setup.server.nextWebhook('cache_miss');
    await settled(client);
    expect(
      (await events()).filter((event) => 'name' in event && event.name === 'cache_miss'),
    ).toEqual([{ name: 'cache_miss', channel: 'cache-news' }]);
  });
});
