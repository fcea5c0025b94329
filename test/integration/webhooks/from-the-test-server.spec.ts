import { Injectable } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import { PusherService } from '../../../lib/pusher.service.js';
import { ManualClock, PusherTestServer } from '../../../lib/testing/index.js';
import { OnPusherWebhook } from '../../../lib/webhooks/handlers/on-pusher-webhook.decorator.js';
import { PusherWebhookController } from '../../../lib/webhooks/endpoint/pusher-webhook.controller.js';
import type {
  CacheMissEvent,
  ChannelOccupiedEvent,
  ChannelVacatedEvent,
  ClientEvent,
  MemberAddedEvent,
  MemberRemovedEvent,
  SubscriptionCountEvent,
} from '../../../lib/webhooks/webhook-event.js';
import { ServerWithClients, type PusherClient } from '../../support/testing/clients.js';
import { CREDENTIALS } from '../../support/webhooks/apps.js';
import { registered, WebhookServer } from '../../support/webhooks/server.js';
import { ADAPTERS } from '../../support/nest/adapters.js';

const APP = { ...CREDENTIALS, subscriptionCount: true };
const OLDEST = { key: 'oldest-key', secret: 'oldest-secret' };

@Injectable()
class Handlers {
  readonly got: (readonly unknown[])[] = [];
  fault: Error | undefined;

  @OnPusherWebhook('channel_occupied', { channel: 'presence-rooms.{id}' })
  occupied({ name, channel }: ChannelOccupiedEvent, { id }: { id: string }): void {
    this.got.push([name, channel, id]);
  }

  @OnPusherWebhook('channel_vacated', { channel: 'presence-rooms.{id}' })
  vacated({ name, channel }: ChannelVacatedEvent, { id }: { id: string }): void {
    this.got.push([name, channel, id]);
  }

  @OnPusherWebhook('member_added')
  added({ name, channel, userId }: MemberAddedEvent): void {
    this.got.push([name, channel, userId]);
  }

  @OnPusherWebhook('member_removed')
  removed({ name, channel, userId }: MemberRemovedEvent): void {
    this.got.push([name, channel, userId]);
  }

  @OnPusherWebhook('client_event')
  client({ name, channel, event, data, userId, socketId }: ClientEvent): void {
    this.got.push([name, channel, event, data, userId, socketId]);
  }

  @OnPusherWebhook('cache_miss')
  missed({ name, channel }: CacheMissEvent): void {
    this.got.push([name, channel]);
  }

  @OnPusherWebhook('subscription_count')
  counted({ name, channel, subscriptionCount }: SubscriptionCountEvent): void {
    this.got.push([name, channel, subscriptionCount]);
  }

  @OnPusherWebhook('cache_miss')
  failing({ channel }: CacheMissEvent): void {
    const { fault } = this;
    this.fault = undefined;
    if (fault !== undefined) throw fault;
    this.got.push(['failing', channel]);
  }
}

const stages: ServerWithClients[] = [];
afterEach(async () => {
  for (const setup of stages.splice(0)) await setup.end();
});

/** A test server that sends its webhooks to a running application, and a client of it. */
async function rehearse(
  application: WebhookServer,
  options: Parameters<typeof PusherTestServer.start>[0] = {},
): Promise<{ server: PusherTestServer; client: PusherClient; setup: ServerWithClients }> {
  const server = await PusherTestServer.start({
    apps: [APP],
    webhookUrl: `http://127.0.0.1:${application.port}/pusher/webhooks`,
    ...options,
  });
  const setup = new ServerWithClients(server);
  stages.push(setup);
  const client = await setup.client({ member: { user_id: 'ada' } });
  return { server, client, setup };
}

function startApplication(
  adapter: (typeof ADAPTERS)[number][1],
  more: { dedupe?: boolean } = {},
): Promise<WebhookServer> {
  return WebhookServer.start({
    adapter,
    apps: [registered({ previousCredentials: [OLDEST], webhooks: more })],
    controllers: [PusherWebhookController()],
    providers: [Handlers],
  });
}

describe.each(ADAPTERS)(
  'webhooks from the test server to an application on %s',
  (_name, adapter) => {
    it('reach each handler with its typed event, all seven types', async () => {
      await using application = await startApplication(adapter);
      const { server, client, setup } = await rehearse(application);
      const { got } = application.app.get(Handlers);

      const room = await setup.subscribed(client, 'presence-rooms.7');
      room.trigger('client-typing', { on: true });
      await server.nextWebhook('client_event');
      await setup.subscribed(client, 'cache-prices');
      await server.nextWebhook('cache_miss');
      client.unsubscribe('presence-rooms.7');
      await server.nextWebhook('channel_vacated');
      await server.nextWebhook('member_removed');
      await server.nextWebhook('subscription_count');

      const channel = 'presence-rooms.7';
      const { socket_id: socketId } = client.connection;
      for (const expected of [
        ['channel_occupied', channel, '7'],
        ['member_added', channel, 'ada'],
        ['client_event', channel, 'client-typing', { on: true }, 'ada', socketId],
        ['cache_miss', 'cache-prices'],
        ['subscription_count', 'cache-prices', 1],
        ['member_removed', channel, 'ada'],
        ['channel_vacated', channel, '7'],
      ])
        expect(got).toContainEqual(expected);
      expect(server.webhooks().filter(({ delivered }) => !delivered)).toEqual([]);
    });

    it('can come in batches, signed with the oldest credentials', async () => {
      await using application = await startApplication(adapter);
      const { server, client, setup } = await rehearse(application, {
        apps: [{ ...APP, previousCredentials: [OLDEST] }],
        webhooks: { batchWindowMs: 20 },
      });
      await setup.subscribed(client, 'presence-rooms.8');
      const { headers, events } = await server.nextWebhook('member_added');
      expect([headers['x-pusher-key'], events.length > 1]).toEqual([OLDEST.key, true]);
      expect(application.app.get(Handlers).got).toContainEqual([
        'member_added',
        'presence-rooms.8',
        'ada',
      ]);
    });

    it.each([
      [true, ['cache_miss', 'failing']],
      [false, ['cache_miss', 'cache_miss', 'failing']],
    ])('come again after a failure, with dedupe: %s', async (dedupe, calls) => {
      await using application = await startApplication(adapter, { dedupe });
      const clock = new ManualClock();
      const { server, client, setup } = await rehearse(application, {
        apps: [{ ...APP, webhookEvents: ['cache_miss'] }],
        webhooks: { retry: true },
        clock,
      });
      const handlers = application.app.get(Handlers);
      handlers.fault = new Error('once');
      await setup.subscribed(client, 'cache-prices');
      const webhook = await server.nextWebhook('cache_miss');
      expect(webhook.attempts).toMatchObject([{ status: 500 }]);
      await clock.advance(1000);
      await server.until(() => webhook.delivered, 'the second attempt');
      expect(webhook.attempts).toMatchObject([{ status: 500 }, { status: 200 }]);
      expect(handlers.got.map(([call]) => String(call)).toSorted()).toEqual(calls);
    });

    it('can be received by the service, without HTTP', async () => {
      await using application = await startApplication(adapter);
      const { server, client, setup } = await rehearse(application, { webhookUrl: undefined });
      await setup.subscribed(client, 'presence-rooms.9');
      const { headers, body } = await server.nextWebhook('member_added');
      const pusher = application.app.get(PusherService);
      expect(pusher.receiveWebhook({ headers, rawBody: body }).events).toEqual([
        { name: 'member_added', channel: 'presence-rooms.9', userId: 'ada' },
      ]);
      expect(() => pusher.receiveWebhook({ headers, rawBody: `${body} ` })).toThrow(
        expect.objectContaining({ code: 'PUSHER_WEBHOOK_UNVERIFIED' }),
      );
    });
  },
);
