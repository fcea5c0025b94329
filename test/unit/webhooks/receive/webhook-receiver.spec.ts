import type { IncomingMessage } from 'node:http';
import type { RawBodyRequest } from '@nestjs/common';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { PusherValidationError } from '../../../../lib/errors/pusher-validation.error.js';
import { PusherWebhookError } from '../../../../lib/errors/pusher-webhook.error.js';
import { AppRegistry } from '../../../../lib/options/app-registry.js';
import type { PusherOptions } from '../../../../lib/options/pusher-options.js';
import { SystemClock } from '../../../../lib/runtime/clock.js';
import type { Webhook, WebhookRequest } from '../../../../lib/webhooks/webhook.js';
import { WebhookReceiver } from '../../../../lib/webhooks/receive/webhook-receiver.js';
import { CREDENTIALS, webhookApp } from '../../../support/webhooks/apps.js';
import { signedHeaders, TIME_MS, webhookBody } from '../../../support/webhooks/signing.js';
import {
  expectedEvent,
  INVALID_VECTORS,
  MALFORMED_VECTORS,
  VALID_VECTORS,
  type WebhookVector,
} from '../../../support/webhooks/vectors.js';

const OCCUPIED = webhookBody({ name: 'channel_occupied', channel: 'my-channel' });
const SIGNATURE = signedHeaders(OCCUPIED)['x-pusher-signature'] ?? '';
const clock = new (class extends SystemClock {
  override now(): number {
    return TIME_MS;
  }
})();

function receiverOf(...apps: PusherOptions[]): WebhookReceiver {
  const registry = new AppRegistry();
  for (const app of apps) registry.add(app);
  return new WebhookReceiver(registry, clock);
}

const receiver = receiverOf(webhookApp());

function receive(rawBody: string, headers: WebhookRequest['headers'] = signedHeaders(rawBody)) {
  return receiver.receive({ headers, rawBody });
}

function codeOf(attempt: () => Webhook): string {
  try {
    attempt();
  } catch (error) {
    if (error instanceof PusherWebhookError) return error.code;
    throw error;
  }
  return 'accepted';
}

function receiveVector({
  key,
  secret,
  extra_tokens: previousCredentials,
  headers,
  body,
}: WebhookVector) {
  const app = webhookApp({
    credentials: { key, secret },
    ...(previousCredentials && { previousCredentials }),
  });
  return receiverOf(app).receive({ headers, rawBody: Buffer.from(body) });
}

/** A buffer that is another thread's by now. */
function transferred(): ArrayBuffer {
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}

describe('WebhookReceiver with the published vectors', () => {
  it.each(VALID_VECTORS)('accepts $id', (vector) => {
    const webhook = receiveVector(vector);
    expect(webhook.timeMs).toBe(vector.time_ms);
    expect(webhook.key).toBe(vector.headers['x-pusher-key']);
    const events = [...webhook.events, ...webhook.unknownEvents];
    expect(events).toEqual(vector.events?.map(expectedEvent));
  });

  it.each(MALFORMED_VECTORS)(
    'verifies $id, and reports that it is not a valid webhook',
    (vector) => {
      expect(codeOf(() => receiveVector(vector))).toBe('PUSHER_WEBHOOK_MALFORMED');
    },
  );

  it.each(INVALID_VECTORS)('refuses $id', (vector) => {
    const wellSigned = /^(body-not-json|empty-body|content-type-form)$/.test(vector.id);
    expect(codeOf(() => receiveVector(vector))).toBe(
      wellSigned ? 'PUSHER_WEBHOOK_MALFORMED' : 'PUSHER_WEBHOOK_UNVERIFIED',
    );
  });
});

describe('WebhookReceiver', () => {
  it('returns time, app and key with the events', () => {
    expect(receive(OCCUPIED)).toEqual({
      timeMs: TIME_MS,
      time: new Date(TIME_MS),
      app: 'default',
      key: CREDENTIALS.key,
      events: [{ name: 'channel_occupied', channel: 'my-channel' }],
      unknownEvents: [],
    });
  });

  it.each<[string, WebhookRequest['headers']]>([
    ['Node', signedHeaders(OCCUPIED)],
    ['Node, values in lists', { ...signedHeaders(OCCUPIED), 'x-pusher-signature': [SIGNATURE] }],
    ['a queue, other case', { 'X-Pusher-Key': CREDENTIALS.key, 'X-PUSHER-SIGNATURE': SIGNATURE }],
    ['fetch', new Headers(signedHeaders(OCCUPIED))],
    [
      'a charset',
      { ...signedHeaders(OCCUPIED), 'content-type': 'application/json; charset=utf-8' },
    ],
    [
      'other case',
      { ...signedHeaders(OCCUPIED), 'content-type': 'Application/JSON;a="b;\\"";c=d' },
    ],
  ])('accepts headers in any form: %s', (_from, headers) => {
    expect(codeOf(() => receive(OCCUPIED, headers))).toBe('accepted');
  });

  it.each<[string, WebhookRequest['headers']]>([
    ['no headers', {}],
    ['no key', { 'x-pusher-signature': SIGNATURE }],
    ['no signature', { 'x-pusher-key': CREDENTIALS.key }],
    ['another key', { 'x-pusher-key': 'other', 'x-pusher-signature': SIGNATURE }],
    ['a key of Object', { 'x-pusher-key': 'constructor', 'x-pusher-signature': SIGNATURE }],
    ['a wrong signature', { ...signedHeaders(OCCUPIED), 'x-pusher-signature': '0'.repeat(64) }],
    ['a shorter one', { ...signedHeaders(OCCUPIED), 'x-pusher-signature': SIGNATURE.slice(2) }],
    ['a longer one', { ...signedHeaders(OCCUPIED), 'x-pusher-signature': `${SIGNATURE}00` }],
    ['a line break', { ...signedHeaders(OCCUPIED), 'x-pusher-signature': `${SIGNATURE}\n` }],
    ['not hex', { ...signedHeaders(OCCUPIED), 'x-pusher-signature': 'z'.repeat(64) }],
    ['upper case', { ...signedHeaders(OCCUPIED), 'x-pusher-signature': SIGNATURE.toUpperCase() }],
    ['twice', { ...signedHeaders(OCCUPIED), 'x-pusher-signature': [SIGNATURE, SIGNATURE] }],
    [
      'twice, joined',
      { ...signedHeaders(OCCUPIED), 'x-pusher-signature': `${SIGNATURE}, ${SIGNATURE}` },
    ],
    ["another app's secret", signedHeaders(OCCUPIED, { ...CREDENTIALS, secret: 'other' })],
  ])('refuses %s', (_what, headers) => {
    expect(codeOf(() => receive(OCCUPIED, headers))).toBe('PUSHER_WEBHOOK_UNVERIFIED');
  });

  it('refuses a body that changed by one byte', () => {
    const code = codeOf(() => receive(`${OCCUPIED} `, signedHeaders(OCCUPIED)));
    expect(code).toBe('PUSHER_WEBHOOK_UNVERIFIED');
  });

  it.each([
    '',
    'not json',
    'null',
    '1',
    '"text"',
    '[]',
    '{}',
    '{"events":{}}',
    '{"events":[]}',
    '{"time_ms":"1","events":[]}',
    '{"time_ms":1e400,"events":[]}',
    '{"time_ms":1e17,"events":[]}',
    '{"time_ms":1,"events":{}}',
    '{"time_ms":1,"events":null}',
    '{"time_ms":1,"events":[null]}',
    '{"time_ms":1,"events":["a"]}',
    '{"time_ms":1,"events":[{"channel":"a"}]}',
    OCCUPIED.slice(0, OCCUPIED.length / 2),
  ])('reports that a signed %j is not a valid webhook', (body) => {
    expect(codeOf(() => receive(body))).toBe('PUSHER_WEBHOOK_MALFORMED');
  });

  it.each([
    'application/x-www-form-urlencoded',
    'text/json',
    'application/jsonp',
    'application/json;',
  ])('does not accept %s', (contentType) => {
    const headers = { ...signedHeaders(OCCUPIED), 'content-type': contentType };
    expect(codeOf(() => receive(OCCUPIED, headers))).toBe('PUSHER_WEBHOOK_MALFORMED');
  });

  it.each([undefined, JSON.parse(OCCUPIED) as object])(
    'says which line is missing when the raw body is %j',
    (rawBody) => {
      const request = { headers: signedHeaders(OCCUPIED), rawBody } as unknown as WebhookRequest;
      expect(codeOf(() => receiver.receive(request))).toBe('PUSHER_WEBHOOK_NO_RAW_BODY');
      expect(() => receiver.receive(request)).toThrow(
        'NestFactory.create(AppModule, { rawBody: true })',
      );
    },
  );

  it.each<[given: string, rawBody: unknown]>([
    ['it is a promise: await it first.', Promise.resolve(OCCUPIED)],
    ['a Blob was given.', new Blob([OCCUPIED])],
    ['an array was given.', [...Buffer.from(OCCUPIED)]],
    ['a ReadableStream was given.', new Blob([OCCUPIED]).stream()],
    ['an ArrayBuffer was given.', transferred()],
  ])('says what to pass where %s', (given, rawBody) => {
    const { 'content-type': _type, ...headers } = signedHeaders(OCCUPIED);
    const request = { headers, rawBody } as unknown as WebhookRequest;
    expect(codeOf(() => receiver.receive(request))).toBe('PUSHER_WEBHOOK_NO_RAW_BODY');
    expect(() => receiver.receive(request)).toThrow(
      `must be the string or the bytes that were received; ${given} Pass what await request.arrayBuffer()`,
    );
  });

  it.each<[string, (bytes: Uint8Array<ArrayBuffer>) => unknown]>([
    ['an ArrayBuffer', ({ buffer }) => buffer],
    ['a Buffer from the JSON of a queue', (bytes) => Buffer.from(bytes).toJSON()],
    [
      'a SharedArrayBuffer',
      (bytes) => {
        const shared = new SharedArrayBuffer(bytes.length);
        new Uint8Array(shared).set(bytes);
        return shared;
      },
    ],
    ['a DataView', ({ buffer }) => new DataView(buffer)],
    ['a Uint8ClampedArray', ({ buffer }) => new Uint8ClampedArray(buffer)],
    ['an Int8Array', ({ buffer }) => new Int8Array(buffer)],
    ['a Buffer', (bytes) => Buffer.from(bytes)],
    [
      'a part of a longer buffer',
      (bytes) => {
        const longer = new Uint8Array(bytes.length + 8);
        longer.set(bytes, 4);
        return longer.subarray(4, -4);
      },
    ],
    [
      'bytes of another realm',
      (bytes) => {
        const other = runInNewContext('new Uint8Array(length)', {
          length: bytes.length,
        }) as Uint8Array;
        other.set(bytes);
        return other;
      },
    ],
    ['a string', (bytes) => Buffer.from(bytes).toString()],
  ])('takes %s as raw body', (_what, rawBodyOf) => {
    const rawBody = rawBodyOf(new TextEncoder().encode(OCCUPIED)) as Uint8Array;
    expect(receiver.receive({ headers: signedHeaders(OCCUPIED), rawBody })).toEqual(
      receive(OCCUPIED),
    );
  });

  it('accepts a request as Nest types it', () => {
    const request: Partial<RawBodyRequest<IncomingMessage>> = {
      headers: signedHeaders(OCCUPIED),
      rawBody: Buffer.from(OCCUPIED),
    };
    expect(receiver.receive(request as RawBodyRequest<IncomingMessage>).events).toHaveLength(1);
  });

  it('shows neither secret nor signature in an error', () => {
    const headers = { ...signedHeaders(OCCUPIED), 'x-pusher-signature': 'ab'.repeat(32) };
    expect(() => receive(OCCUPIED, headers)).toThrow(/^(?!.*(test-secret|abab|[0-9a-f]{64}))/);
  });
});

describe('WebhookReceiver with several credentials', () => {
  const old = { key: 'old-key', secret: 'old-secret' };
  const eu = { key: 'eu-key', secret: 'eu-secret' };
  const apps = [
    webhookApp({ previousCredentials: [old] }),
    webhookApp({ name: 'eu', credentials: eu }),
    webhookApp({ name: 'twin', credentials: { key: CREDENTIALS.key, secret: 'twin-secret' } }),
  ];
  const several = receiverOf(...apps);

  it.each([
    ['default', CREDENTIALS],
    ['default', old],
    ['eu', eu],
    ['twin', { key: CREDENTIALS.key, secret: 'twin-secret' }],
  ])('finds the app %s by its credentials %j', (app, credentials) => {
    const request = { headers: signedHeaders(OCCUPIED, credentials), rawBody: OCCUPIED };
    expect(several.receive(request)).toMatchObject({ app, key: credentials.key });
  });

  it('accepts only webhooks of the given apps', () => {
    const fromEu = { headers: signedHeaders(OCCUPIED, eu), rawBody: OCCUPIED };
    const fromOld = { headers: signedHeaders(OCCUPIED, old), rawBody: OCCUPIED };
    expect(several.receive(fromEu, { apps: ['eu'] }).app).toBe('eu');
    expect(codeOf(() => several.receive(fromOld, { apps: ['eu'] }))).toBe(
      'PUSHER_WEBHOOK_UNVERIFIED',
    );
    expect(codeOf(() => several.receive(fromEu, { apps: [] }))).toBe('PUSHER_WEBHOOK_UNVERIFIED');
    for (const wrong of ['eu', { app: 'eu' }, { apps: 'eu' }])
      expect(() => several.receive(fromEu, wrong as never)).toThrow(PusherValidationError);
  });

  it('accepts webhooks of apps that were registered later', () => {
    const registry = new AppRegistry();
    const late = new WebhookReceiver(registry, clock);
    const request = { headers: signedHeaders(OCCUPIED), rawBody: OCCUPIED };
    expect(codeOf(() => late.receive(request))).toBe('PUSHER_WEBHOOK_UNVERIFIED');
    registry.add(webhookApp());
    expect(late.receive(request).app).toBe('default');
  });

  it('serves one app alone', () => {
    const request = { headers: signedHeaders(OCCUPIED, eu), rawBody: OCCUPIED };
    expect(
      WebhookReceiver.forApp(webhookApp({ name: 'eu', credentials: eu }), clock).receive(request)
        .app,
    ).toBe('eu');
  });
});

describe('WebhookReceiver with a tolerance', () => {
  const strict = receiverOf(webhookApp({ webhooks: { toleranceMs: 300_000 } }));

  it.each([
    [-300_001, 'PUSHER_WEBHOOK_UNVERIFIED'],
    [-300_000, 'accepted'],
    [300_000, 'accepted'],
    [300_001, 'PUSHER_WEBHOOK_UNVERIFIED'],
  ])('checks a webhook made %d ms from now: %s', (distance, outcome) => {
    const rawBody = JSON.stringify({ time_ms: TIME_MS + distance, events: [] });
    expect(codeOf(() => strict.receive({ headers: signedHeaders(rawBody), rawBody }))).toBe(
      outcome,
    );
    expect(codeOf(() => receive(rawBody))).toBe('accepted');
  });
});
