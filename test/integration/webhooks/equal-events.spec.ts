import { Injectable } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import type { PusherModuleOptions } from '../../../lib/options/pusher-module-options.js';
import { ManualClock, PusherTestServer } from '../../../lib/testing/index.js';
import { OnPusherWebhook } from '../../../lib/webhooks/handlers/on-pusher-webhook.decorator.js';
import { PusherWebhookController } from '../../../lib/webhooks/endpoint/pusher-webhook.controller.js';
import type {
  ChannelOccupiedEvent,
  ChannelVacatedEvent,
} from '../../../lib/webhooks/webhook-event.js';
import { ADAPTERS } from '../../support/nest/adapters.js';
import { RawSocket } from '../../support/testing/raw-socket.js';
import { CREDENTIALS } from '../../support/webhooks/apps.js';
import { registered, WebhookServer } from '../../support/webhooks/server.js';
import { signedHeaders, webhookBody } from '../../support/webhooks/signing.js';

const PATH = '/pusher/webhooks';
const ROOMS = Array.from({ length: 200 }, (_, at) => `rooms.${at}`);

/** Knows which rooms are occupied, from webhooks alone. */
@Injectable()
class Rooms {
  readonly occupied = new Set<string>();
  readonly calls: string[] = [];

  @OnPusherWebhook(['channel_occupied', 'channel_vacated'])
  changed({ name, channel }: ChannelOccupiedEvent | ChannelVacatedEvent): void {
    this.calls.push(`${name} ${channel}`);
    if (name === 'channel_occupied') this.occupied.add(channel);
    else this.occupied.delete(channel);
  }
}

function start(
  adapter: (typeof ADAPTERS)[number][1],
  options: Partial<PusherModuleOptions> = {},
): Promise<WebhookServer> {
  return WebhookServer.start({
    adapter,
    apps: [registered({ webhooks: { dedupe: true }, ...options })],
    controllers: [PusherWebhookController()],
    providers: [Rooms],
  });
}

describe.each(ADAPTERS)('with dedupe, on %s', (_name, adapter) => {
  it('rooms are right after a client subscribed, unsubscribed and subscribed within a millisecond', async () => {
    await using application = await start(adapter);
    // On a clock that stands still, all of it happens within one millisecond.
    const clock = new ManualClock();
    const server = await PusherTestServer.start({
      apps: [CREDENTIALS],
      webhookUrl: `http://127.0.0.1:${application.port}${PATH}`,
      clock,
    });
    const { socket } = await RawSocket.connected(server);
    for (const channel of ROOMS)
      for (const event of ['pusher:subscribe', 'pusher:unsubscribe', 'pusher:subscribe'])
        socket.send({ event, data: { channel } });
    await socket.settled();
    while (server.webhooks().some(({ attempts }) => attempts.length === 0))
      await server.nextWebhook();
    const { occupied, calls } = application.app.get(Rooms);
    expect(calls).toHaveLength(600);
    expect(ROOMS.filter((room) => !occupied.has(room))).toEqual([]);
    await server.stop();
  });

  it.each([
    ["server: 'soketi'", { server: 'soketi' }, {}],
    ['the name of soketi in the request', {}, { 'user-agent': 'SoketiWebhooksAxiosClient/1.0' }],
  ] as const)(
    'webhooks with equal bytes are different ones with %s',
    async (_how, options, more) => {
      await using application = await start(adapter, options);
      const post = async (event: object): Promise<number> => {
        const body = webhookBody(event);
        const { status } = await application.post(PATH, body, { ...signedHeaders(body), ...more });
        return status;
      };
      const [on, off] = [
        { name: 'channel_occupied', channel: 'a' },
        { name: 'channel_vacated', channel: 'a' },
      ];
      expect([await post(on), await post(off), await post(on)]).toEqual([200, 200, 200]);
      expect([...application.app.get(Rooms).occupied]).toEqual(['a']);
      expect(await Promise.all([post(off), post(off)])).toEqual([200, 200]);
      expect(application.app.get(Rooms).calls).toHaveLength(5);
    },
  );

  it('a second delivery of the same webhook is dropped, and logged at debug level', async () => {
    await using application = await start(adapter);
    const equal = { name: 'channel_occupied', channel: 'a\nFAKE' };
    const body = webhookBody(equal, equal);
    expect((await application.post(PATH, body)).status).toBe(200);
    expect((await application.post(PATH, body)).status).toBe(200);
    expect(application.app.get(Rooms).calls).toHaveLength(2);
    expect(application.debugLog).toContain(
      'Rooms.changed does not receive events of a second delivery that it has finished already: "channel_occupied" on "a\\nFAKE", "channel_occupied" on "a\\nFAKE".',
    );
  });
});
