import { describe, expect, it } from '@jest/globals';
import { type as ark } from 'arktype';
import * as v from 'valibot';
import { z } from 'zod';
import { channelSecret, encrypt } from '../../../../lib/crypto/encryption.js';
import {
  defineEvents,
  type EventSchema,
  type EventSchemas,
} from '../../../../lib/events/define-events.js';
import { SystemRandomSource } from '../../../../lib/runtime/random.js';
import { Secret } from '../../../../lib/runtime/secret.js';
import { SystemClock } from '../../../../lib/runtime/clock.js';
import { checkClientEvent } from '../../../../lib/webhooks/receive/check-client-event.js';
import { WebhookReceiver } from '../../../../lib/webhooks/receive/webhook-receiver.js';
import type { Webhook } from '../../../../lib/webhooks/webhook.js';
import { webhookApp } from '../../../support/webhooks/apps.js';
import { signedHeaders, webhookBody } from '../../../support/webhooks/signing.js';

const OCCUPIED = { name: 'channel_occupied', channel: 'private-a' };

const LISTS: Record<string, EventSchemas> = {
  zod: defineEvents({ 'client-typing': z.object({ at: z.number() }) }),
  valibot: defineEvents({ 'client-typing': v.object({ at: v.number() }) }),
  arktype: defineEvents({ 'client-typing': ark({ at: 'number', '+': 'delete' }) }),
};

/** A client event as Pusher sends it. */
function clientEvent(data: unknown, event = 'client-typing', channel = 'private-a') {
  return { name: 'client_event', channel, event, data: JSON.stringify(data), socket_id: '1.2' };
}

function receive(events: EventSchemas | undefined, ...sent: object[]): Webhook {
  const body = webhookBody(...sent);
  const app = { ...webhookApp(), ...(events && { events }) };
  return WebhookReceiver.forApp(app, new SystemClock()).receive({
    headers: signedHeaders(body),
    rawBody: body,
  });
}

/** A list with a schema that does what the function does. */
function listOf(validate: EventSchema['~standard']['validate']): EventSchemas {
  return defineEvents({
    'client-typing': { '~standard': { version: 1, vendor: 'test', validate } },
  });
}

describe.each(Object.entries(LISTS))(
  'a webhook of an app with a list of %s',
  (_library, events) => {
    it('has the output of the schema as the data of a client event that fits', () => {
      const { events: received, unknownEvents } = receive(
        events,
        OCCUPIED,
        clientEvent({ at: 5, isAdmin: true }),
      );
      expect(received).toEqual([
        OCCUPIED,
        expect.objectContaining({
          event: 'client-typing',
          data: { at: 5 },
          rawData: '{"at":5,"isAdmin":true}',
        }),
      ]);
      expect(unknownEvents).toEqual([]);
    });

    it.each([
      ['with a wrong payload', clientEvent({ at: 'now' })],
      ['without the fields', clientEvent({})],
      ['whose data is not JSON', { ...clientEvent(1), data: 'at 5' }],
      ['without data', { ...clientEvent(1), data: undefined }],
      ['that is not in the list', clientEvent({ at: 5 }, 'client-other')],
      ['with the name of a property of every object', clientEvent({ at: 5 }, 'toString')],
    ])('keeps a client event %s among the unknown events, and loses no other', (_what, sent) => {
      const { events: received, unknownEvents } = receive(
        events,
        sent,
        OCCUPIED,
        clientEvent({ at: 5 }),
      );
      expect(received.map(({ name }) => name)).toEqual(['channel_occupied', 'client_event']);
      expect(unknownEvents).toEqual([JSON.parse(JSON.stringify(sent))]);
    });
  },
);

describe('a client event', () => {
  it.each<[string, EventSchemas]>([
    [
      'that throws',
      listOf(() => {
        throw new Error('no');
      }),
    ],
    ['that returns a promise', listOf(() => Promise.resolve({ value: 1 }))],
    ['whose promise rejects', listOf(() => Promise.reject(new Error('later')))],
  ])('is among the unknown events where it has a schema %s', (_what, events) => {
    const { events: received, unknownEvents } = receive(events, clientEvent({ at: 5 }), OCCUPIED);
    expect([received, unknownEvents]).toEqual([[OCCUPIED], [clientEvent({ at: 5 })]]);
  });

  it.each<[string, EventSchemas | undefined]>([
    ['without a list', undefined],
    ['whose list declares no client events', { 'message.created': z.object({}) }],
  ])('is not checked by an app %s', (_what, events) => {
    expect(receive(events, clientEvent({ at: 'now' })).events).toMatchObject([
      { event: 'client-typing', data: { at: 'now' } },
    ]);
  });
});

describe('a client event on an encrypted channel', () => {
  const channel = 'private-encrypted-a';
  const masterKey = Buffer.alloc(32, 7);
  const secret = channelSecret(channel, new Secret<Uint8Array>(masterKey));

  function encrypted(data: unknown) {
    const sealed = encrypt(JSON.stringify(data), secret, new SystemRandomSource());
    return { ...clientEvent(0, 'client-typing', channel), data: sealed };
  }

  it('is checked when it has been decrypted, and kept encrypted when it does not fit', () => {
    const [fits, wrong] = [encrypted({ at: 5 }), encrypted({ at: 'now' })];
    const body = webhookBody(fits, wrong);
    const app = { ...webhookApp({ masterKey }), events: LISTS['zod'] ?? {} };
    const receiver = WebhookReceiver.forApp(app, new SystemClock());
    const webhook = receiver.receive({ headers: signedHeaders(body), rawBody: body });
    expect(webhook.events).toMatchObject([{ data: { at: 5 }, rawData: fits.data }]);
    expect(webhook.unknownEvents).toEqual([wrong]);
  });
});

describe('checkClientEvent', () => {
  const event = {
    name: 'client_event',
    channel: 'private-a',
    event: 'client-typing',
    rawData: '',
    socketId: '1.2',
  } as const;
  const words = z.object({ a: z.string('a secret'), b: z.array(z.string()) });

  it.each<[string, EventSchema, unknown, string]>([
    ['where', words, { a: 1, b: ['', 2] }, ' in "a", "b[1]".'],
    ['nothing about the payload as a whole', words, 'a secret', '.'],
    ['five places', words, { a: '', b: [1, 2, 3, 4, 5, 6] }, '"b[4]" and other fields.'],
    [
      'that the schema is asynchronous',
      z.string().refine(() => Promise.resolve(true)),
      '',
      ' one that is not.',
    ],
    ['no control characters', z.record(z.string(), z.string()), { 'a\nb': 1 }, ' in "a\\nb".'],
  ])('says %s, and quotes nothing that the client sent', (_what, schema, data, end) => {
    const checked = checkClientEvent({ ...event, data }, { 'client-typing': schema });
    const message = 'message' in checked ? checked.message : 'it fits';
    expect(message).toMatch(/^Client event "client-typing" on "private-a" does not fit its schema/);
    expect(message.endsWith(end)).toBe(true);
    expect(message).not.toContain('secret');
  });

  it('knows only the names in the list, not those of every object', () => {
    const checked = checkClientEvent(
      { ...event, event: 'toString', data: 1 },
      { 'client-a': words },
    );
    expect(checked).toEqual({
      declared: undefined,
      message: expect.stringContaining('"toString" on "private-a" is not in the list of events'),
    });
  });
});
