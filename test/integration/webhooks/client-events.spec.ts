import { Injectable, type Provider } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  type ClientEvent,
  type ClientEventOf,
  defineEvents,
  OnPusherWebhook,
  PusherService,
  PusherWebhookController,
  type Webhook,
} from '../../../lib/index.js';
import { ManualClock } from '../../../lib/testing/index.js';
import { ADAPTERS } from '../../support/nest/adapters.js';
import { signedHeaders, TIME_MS, webhookBody } from '../../support/webhooks/signing.js';
import { registered, WebhookServer } from '../../support/webhooks/server.js';

const PATH = '/pusher/webhooks';

const events = defineEvents({
  'client-typing': z.object({ at: z.number() }),
  'client-moved': z.object({ to: z.object({ x: z.number(), y: z.number() }) }),
  'message.created': z.object({ id: z.string() }),
});
const others = defineEvents({ 'client-typing': z.object({}) });

@Injectable()
class Rooms {
  readonly calls: unknown[] = [];

  @OnPusherWebhook('client_event', { channel: 'private-rooms.{id}', events })
  acted(
    event: ClientEventOf<typeof events>,
    { id }: { id: string },
    webhook: Webhook<typeof events>,
  ): void {
    const did = event.event === 'client-typing' ? event.data.at.toFixed() : event.data.to.x + 1;
    this.calls.push([id, did, webhook.events.length]);
  }

  @OnPusherWebhook('*')
  all(event: { name: string; event?: unknown }): void {
    this.calls.push([event.name, event.event]);
  }
}

function client(event: string, data: unknown) {
  const sent = { channel: 'private-rooms.7', event, data: JSON.stringify(data), socket_id: '1.2' };
  return { name: 'client_event', ...sent };
}

/** Never called: the compiler is the test. */
function types({ events: received }: Webhook<typeof events>, plain: Webhook): (string | number)[] {
  // @ts-expect-error without a list nothing is known about the payload
  plain.events.map((event) => (event.name === 'client_event' ? event.data.at : 0));
  return received.map((event) => {
    if (event.name !== 'client_event') return event.name;
    // @ts-expect-error only clients' events come from clients
    if (event.event === 'message.created') return 0;
    // @ts-expect-error the payload belongs to another event
    if (event.event === 'client-typing') return event.data.to;
    return event.data.to.y;
  });
}

/** Never called either. */
class Types {
  // @ts-expect-error without the list the decorator does not promise these payloads
  @OnPusherWebhook('client_event')
  wrong(_event: ClientEventOf<typeof events>): void {}

  @OnPusherWebhook('client_event', { events })
  wide(_event: ClientEvent): void {}

  @OnPusherWebhook(['client_event', 'channel_occupied'], { events })
  both(event: ClientEventOf<typeof events> | { name: 'channel_occupied' }): string {
    return event.name;
  }

  // @ts-expect-error the list has one more event
  @OnPusherWebhook('client_event', { events })
  narrow(_event: ClientEvent<'client-typing', { at: number }>): void {}
}

it('client events have the types of the list', () => {
  expect([types, Types]).toHaveLength(2);
});

describe.each(ADAPTERS)('Client events by name on %s', (_name, adapter) => {
  /** A server whose one app has the list, with an endpoint. */
  const start = (clock: ManualClock, ...providers: Provider[]): Promise<WebhookServer> =>
    WebhookServer.start({
      adapter,
      clock,
      apps: [registered({ events })],
      controllers: [PusherWebhookController()],
      providers,
    });

  it('reach their handlers with checked payloads, and a misfit only those of every event', async () => {
    await using server = await start(new ManualClock(TIME_MS), Rooms);
    const body = webhookBody(
      client('client-typing', { at: 'now' }),
      client('client-moved', { to: { x: 1, y: 2 } }),
      client('client-typing', { at: 5 }),
      client('client-other', {}),
    );
    expect((await server.post(PATH, body)).status).toBe(200);
    expect(server.app.get(Rooms).calls).toEqual(
      expect.arrayContaining([
        ['7', 2, 2],
        ['7', '5', 2],
        ['client_event', 'client-typing'],
        ['client_event', 'client-other'],
      ]),
    );
    expect(server.app.get(Rooms).calls).toHaveLength(6);
    expect(server.log).toEqual([
      `warn: Client event "client-typing" on "private-rooms.7" does not fit its schema in "at". It is in unknownEvents of the webhook, and is handled by '*' handlers only.`,
      `warn: Client event "client-other" on "private-rooms.7" is not in the list of events of the app. Add it to defineEvents if your clients send it. It is in unknownEvents of the webhook, and is handled by '*' handlers only.`,
    ]);
  });

  it('are reported once a minute for each declared name, and for all other names together', async () => {
    const clock = new ManualClock(TIME_MS);
    await using server = await start(clock);
    const body = webhookBody(
      client('client-typing', {}),
      client('client-moved', {}),
      ...Array.from({ length: 50 }, (_, index) => client(`client-${index}`, {})),
    );
    await server.post(PATH, body);
    await server.post(PATH, body);
    expect(server.log).toHaveLength(3);
    await clock.advance(60_000);
    await server.post(PATH, body);
    expect(server.log.slice(3)).toEqual([
      expect.stringMatching(/"client-typing".* There were 2 such events since the last warning\.$/),
      expect.stringMatching(/"client-moved".* There were 2 such events since the last warning\.$/),
      expect.stringMatching(/"client-0".* There were 100 such events since the last warning\.$/),
    ]);
  });

  it('have the list of their app, where there are several', async () => {
    @Injectable()
    class Europe {
      readonly calls: string[] = [];

      @OnPusherWebhook('client_event', { app: 'eu', events })
      acted(event: ClientEventOf<typeof events>): void {
        this.calls.push(event.event);
      }
    }
    const [credentials, eu] = ['us', 'eu'].map((name) => ({ key: `key-${name}`, secret: name }));
    if (!credentials || !eu) throw new Error('There are two apps.');
    await using server = await WebhookServer.start({
      adapter,
      apps: [
        registered({ credentials, events: others }),
        registered({ name: 'eu', credentials: eu, events }),
      ],
      controllers: [PusherWebhookController()],
      providers: [Europe],
    });
    const body = webhookBody(client('client-typing', { at: 5 }), client('client-typing', {}));
    for (const signer of [credentials, eu])
      expect((await server.post(PATH, body, signedHeaders(body, signer))).status).toBe(200);
    expect(server.app.get(Europe).calls).toEqual(['client-typing']);
    expect(server.log).toEqual([expect.stringContaining('does not fit its schema in "at"')]);
  });

  it('are checked in a webhook from a queue, and typed by a type of the list', async () => {
    await using server = await WebhookServer.start({ adapter, apps: [registered({ events })] });
    const rawBody = webhookBody(client('client-typing', { at: 5 }), client('client-other', {}));
    const request = { headers: signedHeaders(rawBody), rawBody };
    const webhook = server.app.get(PusherService).receiveWebhook<typeof events>(request);
    const [event] = webhook.events.flatMap((one) => (one.name === 'client_event' ? one : []));
    expect(event?.event === 'client-typing' && event.data.at).toBe(5);
    expect(webhook.unknownEvents).toMatchObject([{ name: 'client_event', event: 'client-other' }]);
  });

  it.each([
    ['no list', {}],
    ['another list', { events: others }],
  ])('stop the start of an app that has %s for a handler with one', async (_what, options) => {
    await expect(
      WebhookServer.start({
        adapter,
        apps: [registered(options)],
        controllers: [PusherWebhookController()],
        providers: [Rooms],
      }),
    ).rejects.toThrow(
      /@OnPusherWebhook\('client_event', \{ channel: 'private-rooms\.\{id\}' \}\) of Rooms\.acted: its `events` are not those of the app "default", so payloads are not checked for it\. Pass the same list to PusherModule\.forRoot\(\{ events \}\)\./,
    );
  });
});
