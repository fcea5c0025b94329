import { describe, expect, it } from '@jest/globals';
import { channelSecret, encrypt } from '../../../../lib/crypto/encryption.js';
import { SystemRandomSource } from '../../../../lib/runtime/random.js';
import { SystemClock } from '../../../../lib/runtime/clock.js';
import { Secret } from '../../../../lib/runtime/secret.js';
import type { Webhook } from '../../../../lib/webhooks/webhook.js';
import { WebhookReceiver } from '../../../../lib/webhooks/receive/webhook-receiver.js';
import { webhookApp } from '../../../support/webhooks/apps.js';
import { signedHeaders, webhookBody } from '../../../support/webhooks/signing.js';
import { VALID_VECTORS } from '../../../support/webhooks/vectors.js';

function read(body: string, masterKey?: Uint8Array): Webhook {
  const app = masterKey ? webhookApp({ masterKey }) : webhookApp();
  const receiver = WebhookReceiver.forApp(app, new SystemClock());
  return receiver.receive({ headers: signedHeaders(body), rawBody: body });
}

function clientEvent(fields: object): Record<string, unknown> {
  const base = { name: 'client_event', channel: 'private-a', event: 'client-x', socket_id: '1.2' };
  return { ...base, ...fields };
}

describe('the events of a webhook', () => {
  it.each([
    ['a string of JSON', '{"on":true}', { on: true }],
    ['a string of a number', '123', 123],
    ['a string of a string', '"a"', 'a'],
    ['a string that is not JSON', 'a{', 'a{'],
    ['an empty string', '', ''],
    ['an object, as soketi sends it', { on: true }, { on: true }],
    ['null', null, null],
  ])('have the data of client events parsed: %s', (_what, rawData, data) => {
    const [event] = read(webhookBody(clientEvent({ data: rawData }))).events;
    expect(event).toEqual({
      name: 'client_event',
      channel: 'private-a',
      event: 'client-x',
      socketId: '1.2',
      data,
      rawData,
    });
  });

  it.each([
    { name: 'channel_occupied' },
    { name: 'channel_occupied', channel: 7 },
    { name: 'member_added', channel: 'presence-a' },
    { name: 'member_added', channel: 'presence-a', user_id: {} },
    { name: 'subscription_count', channel: 'a', subscription_count: '3' },
    clientEvent({ event: undefined }),
    clientEvent({ socket_id: null }),
    { name: 'member_updated', channel: 'presence-a', more: [1] },
    { name: '' },
    { name: 'constructor', channel: 'a' },
  ])('are unknown, and whole, when they are incomplete or new: %j', (event) => {
    const webhook = read(webhookBody({ name: 'cache_miss', channel: 'cache-a' }, event));
    expect(webhook.events).toEqual([{ name: 'cache_miss', channel: 'cache-a' }]);
    expect(webhook.unknownEvents).toEqual([JSON.parse(JSON.stringify(event))]);
  });

  it('have strings as ids where the server sent numbers', () => {
    const { events } = read(
      webhookBody(
        { name: 'member_removed', channel: 'presence-a', user_id: 42 },
        clientEvent({ user_id: 42 }),
      ),
    );
    expect(events).toMatchObject([{ userId: '42' }, { userId: '42' }]);
  });

  it.each([
    ['as it is', '"__proto__"'],
    ['escaped', String.raw`"\u005f_proto__"`],
    ['escaped elsewhere', String.raw`"__pr\u006Fto__"`],
  ])('are not changed by __proto__, written %s', (_how, key) => {
    const evil = `${key}:{"userId":"evil","polluted":1}`;
    const data = JSON.stringify(`{"a":{${evil}}}`);
    const webhook = read(
      `{"time_ms":1,${evil},"events":[` +
        `{"name":"channel_occupied","channel":"a",${evil}},` +
        `{"name":"client_event","channel":"a","event":"e","socket_id":"1.2","data":${data},${evil}},` +
        `{"name":"client_event","channel":"a","event":"e","socket_id":"1.2","data":{"b":{${evil}}}},` +
        `{"name":"new","deep":[{${evil}}],${evil}}]}`,
    );
    expect(webhook.events[0]).toStrictEqual({ name: 'channel_occupied', channel: 'a' });
    expect(webhook.events[1]).toMatchObject({ data: { a: {} } });
    expect(JSON.stringify(webhook.events[2])).toContain('"rawData":{"b":{}}');
    expect(JSON.stringify(webhook.unknownEvents)).toBe('[{"name":"new","deep":[{}]}]');
    for (const event of [...webhook.events, ...webhook.unknownEvents]) {
      expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
      expect(Object.assign({}, event)).not.toHaveProperty('polluted');
    }
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('client events on encrypted channels', () => {
  const masterKey = new Uint8Array(32).fill(7);
  const channel = 'private-encrypted-a';
  const encrypted = encrypt(
    '{"secret":1}',
    channelSecret(channel, new Secret(masterKey)),
    new SystemRandomSource(),
  );

  function dataOf(rawData: unknown, key?: Uint8Array): unknown {
    const [event] = read(webhookBody(clientEvent({ channel, data: rawData })), key).events;
    expect(event).toHaveProperty('rawData', rawData);
    return event?.name === 'client_event' ? event.data : 'no client event';
  }

  it('are decrypted with the master key', () => {
    expect(dataOf(encrypted, masterKey)).toEqual({ secret: 1 });
    expect(dataOf(JSON.parse(encrypted), masterKey)).toEqual({ secret: 1 });
  });

  it('are decrypted on channels of that kind only', () => {
    const event = clientEvent({ channel: 'private-a', data: '{"open":1}' });
    expect(read(webhookBody(event), masterKey).events).toMatchObject([{ data: { open: 1 } }]);
  });

  it('stay encrypted without a master key', () => {
    expect(dataOf(encrypted)).toEqual(JSON.parse(encrypted));
  });

  it.each([['{"secret":2}'], ['text'], [null], [encrypted.replace(/[A-P]/, 'Z')], [{ nonce: 1 }]])(
    'have no data when it was not encrypted: %j',
    (rawData) => {
      expect(dataOf(rawData, masterKey)).toBeUndefined();
    },
  );

  it('are decrypted as in the published vectors', () => {
    const { body = '' } = VALID_VECTORS.find(({ id }) => id === 'client_event-encrypted') ?? {};
    const key = Buffer.from('MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=', 'base64');
    expect(read(body, key).events).toMatchObject([{ data: { message: 'hello world' } }]);
  });
});
