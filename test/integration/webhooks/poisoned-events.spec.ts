import { Injectable } from '@nestjs/common';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { OnPusherWebhook } from '../../../lib/webhooks/handlers/on-pusher-webhook.decorator.js';
import { PusherWebhookController } from '../../../lib/webhooks/endpoint/pusher-webhook.controller.js';
import type { AnyWebhookEvent } from '../../../lib/webhooks/webhook-event.js';
import { ADAPTERS } from '../../support/nest/adapters.js';
import { WebhookServer, registered } from '../../support/webhooks/server.js';
import { TIME_MS } from '../../support/webhooks/signing.js';

/** What fits into the 10 kB of a client event on Pusher, and more than the stack takes. */
const DEEP = '['.repeat(5000) + ']'.repeat(5000);
const masterKey = Buffer.alloc(32, 7).toString('base64');

const seen: string[] = [];
let thrown: unknown;

@Injectable()
class Handlers {
  @OnPusherWebhook('*')
  note({ name }: AnyWebhookEvent): void {
    seen.push(name);
    if (thrown !== undefined) throw thrown;
  }
}

beforeEach(() => {
  seen.splice(0);
  thrown = undefined;
});

/** A webhook in which an event of somebody else follows that of the attacker. */
function bodyWith(channel: string, data: string): string {
  const event = `"name":"client_event","channel":"${channel}","event":"client-x","socket_id":"1.2"`;
  const innocent = '{"name":"channel_occupied","channel":"a"}';
  return `{"time_ms":${TIME_MS},"events":[{${event},"data":${data}},${innocent}]}`;
}

describe.each(ADAPTERS)('an event made to cause failures, on %s', (_name, adapter) => {
  const start = (dedupe: boolean): Promise<WebhookServer> =>
    WebhookServer.start({
      adapter,
      apps: [registered({ webhooks: { dedupe }, encryptionMasterKeyBase64: masterKey })],
      controllers: [PusherWebhookController()],
      providers: [Handlers],
    });

  it.each([
    ['private-a', JSON.stringify(DEEP), true],
    ['private-a', JSON.stringify(DEEP), false],
    ['private-a', DEEP, true],
    ['private-encrypted-a', DEEP, true],
    ['private-encrypted-a', DEEP, false],
    ['private-a', '{"__proto__":1}', true],
    ['private-a', '{"a":[{"\\u005f_proto__":{"b":1}}]}', false],
    ['private-a', '{"constructor":{"prototype":1}}', true],
    ['private-a', `{"__proto__":${DEEP}}`, true],
    ['private-a', `{"a":${DEEP},"\\u0041":1}`, true],
    ['private-encrypted-a', JSON.stringify(`{"\\u0041":${DEEP}}`), true],
  ])(
    'does not keep other events from the handlers when it is on %s',
    async (channel, data, dedupe) => {
      await using server = await start(dedupe);
      const response = await server.post('/pusher/webhooks', bodyWith(channel, data));
      expect([response.status, seen]).toEqual([200, ['client_event', 'channel_occupied']]);
      expect(server.log).toEqual([]);
    },
  );

  it('may make a handler throw any value', async () => {
    await using server = await start(false);
    thrown = Object.assign(new Error(), { message: Symbol('odd') });
    const response = await server.post('/pusher/webhooks', bodyWith('private-a', '1'));
    expect([response.status, seen]).toEqual([500, ['client_event', 'channel_occupied']]);
    expect(server.log).toContain(
      'error: Handlers.note failed for "client_event" on "private-a": an error without a message was thrown',
    );
  });
});
