import { gzipSync } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OnPusherWebhook } from '../../../lib/webhooks/handlers/on-pusher-webhook.decorator.js';
import { PusherWebhookController } from '../../../lib/webhooks/endpoint/pusher-webhook.controller.js';
import { CREDENTIALS } from '../../support/webhooks/apps.js';
import { WebhookServer, registered } from '../../support/webhooks/server.js';
import { ADAPTERS } from '../../support/nest/adapters.js';
import { signedHeaders, webhookBody } from '../../support/webhooks/signing.js';
import { sendOnWire, type WireRequest } from '../../support/webhooks/wire.js';

const EU = { key: 'eu-key', secret: 'eu-secret' };
const BODY = webhookBody({ name: 'channel_occupied', channel: 'a' });
const SIGNED = signedHeaders(BODY);
const SIGNATURE = SIGNED['x-pusher-signature'] ?? '';

type Hostile = Omit<WireRequest, 'path'>;

/** A request with a body of its own length, signed, unless the headers say otherwise. */
function request(
  body: string | Buffer,
  headers: Record<string, string | undefined> = {},
  more: Partial<Hostile> = {},
): Hostile {
  const bytes = Buffer.from(body);
  const all = { 'content-length': String(bytes.length), ...signedHeaders(bytes), ...headers };
  const pairs = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { headers: pairs, body: bytes, ...more };
}

function twice(name: string): Hostile {
  const { headers, ...rest } = request(BODY);
  return { headers: [...headers, ...headers.filter(([given]) => given === name)], ...rest };
}

const SPACED = BODY.replace(':', ': ');
const GZIPPED = gzipSync(BODY);
const GZIP = { ...SIGNED, 'content-encoding': 'gzip' };
const BOMB = gzipSync(Buffer.alloc(20_000_000, ' '));

const HOSTILE: readonly (readonly [string, Hostile])[] = [
  ['no headers, no body', { headers: [] }],
  ['no headers', { headers: [['Content-Length', '2']], body: Buffer.from('{}') }],
  ['only a type', request(BODY, { 'x-pusher-key': undefined, 'x-pusher-signature': undefined })],
  ['a type and no body', { headers: Object.entries(SIGNED) }],
  ['no type', request(BODY, { 'content-type': undefined })],
  ['a broken type', request(BODY, { 'content-type': 'application/json;' })],
  ['a form', request(BODY, { 'content-type': 'application/x-www-form-urlencoded' })],
  ['text', request(BODY, { 'content-type': 'text/plain' })],
  ['wrong key', request(BODY, { 'x-pusher-key': 'wrong' })],
  ['a key of Object', request(BODY, { 'x-pusher-key': '__proto__' })],
  ['wrong signature', request(BODY, { 'x-pusher-signature': '0'.repeat(64) })],
  ['shorter signature', request(BODY, { 'x-pusher-signature': SIGNATURE.slice(1) })],
  ['longer signature', request(BODY, { 'x-pusher-signature': `${SIGNATURE}0` })],
  ['empty signature', request(BODY, { 'x-pusher-signature': '' })],
  ['not hex', request(BODY, { 'x-pusher-signature': 'z'.repeat(64) })],
  ['upper case', request(BODY, { 'x-pusher-signature': SIGNATURE.toUpperCase() })],
  ['the signature twice', twice('x-pusher-signature')],
  ['the key twice', twice('x-pusher-key')],
  ['empty body', request('')],
  ['null', request('null')],
  ['[]', request('[]')],
  ['{"events":{}}', request('{"events":{}}')],
  ['5 MB', request(JSON.stringify({ time_ms: 1, events: [], filler: 'a'.repeat(5_000_000) }))],
  ['half a body', request(BODY.slice(0, BODY.length / 2), SIGNED)],
  ['half a body, signed', request(BODY.slice(0, BODY.length / 2))],
  [
    'half a body, and gone',
    request(
      BODY.slice(0, BODY.length / 2),
      { ...SIGNED, 'content-length': String(BODY.length) },
      { hangUp: true },
    ),
  ],
  ['gzip cut short', request(GZIPPED.subarray(0, -9), GZIP)],
  [
    'gzip, and gone',
    request(GZIPPED, { ...GZIP, 'content-length': String(GZIPPED.length + 9) }, { hangUp: true }),
  ],
  ['gzip, its length too small', request(GZIPPED, { ...GZIP, 'content-length': '20' })],
  ['gzip with another size in its end', request(withWrongSize(GZIPPED), GZIP)],
  ['gzip that explodes', request(BOMB, { 'content-encoding': 'gzip' })],
  ['signature of the re-serialised body', request(SPACED, signedHeaders(BODY))],
  [
    "another app's secret",
    request(BODY, signedHeaders(BODY, { ...CREDENTIALS, secret: EU.secret })),
  ],
  ["another app's key", request(BODY, { 'x-pusher-key': EU.key })],
];

/** The last four bytes of gzip tell the length of what is inside. */
function withWrongSize(gzipped: Buffer): Buffer {
  const copy = Buffer.from(gzipped);
  copy.writeUInt32LE(7, copy.length - 4);
  return copy;
}

@Injectable()
class Everything {
  readonly names: string[] = [];

  @OnPusherWebhook('*')
  take({ name }: { name: string }): void {
    this.names.push(name);
  }
}

describe.each(ADAPTERS)('hostile requests on %s', (_name, adapter) => {
  let server: WebhookServer;
  beforeAll(async () => {
    server = await WebhookServer.start({
      adapter,
      apps: [registered(), registered({ name: 'eu', credentials: EU })],
      controllers: [PusherWebhookController()],
      providers: [Everything],
    });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it.each(HOSTILE)('are refused: %s', async (_what, hostile) => {
    const status = await sendOnWire(server.port, { path: '/pusher/webhooks', ...hostile });
    // No response only where the client has hung up.
    const refusals = [400, 401, 413, 415];
    expect(hostile.hangUp ? [undefined, ...refusals] : refusals).toContain(status);
    expect(server.app.get(Everything).names.splice(0)).toEqual([]);
  });

  it('leave the server able to accept the next valid one', async () => {
    const good = { path: '/pusher/webhooks', ...request(BODY) };
    expect(await sendOnWire(server.port, good)).toBe(200);
    expect(server.app.get(Everything).names.splice(0)).toEqual(['channel_occupied']);
    expect(server.log.filter((line) => line.includes('raw body'))).toEqual([]);
  });
});
