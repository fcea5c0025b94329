import { Agent, request as httpRequest } from 'node:http';
import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { OnPusherWebhook } from '../../../lib/webhooks/handlers/on-pusher-webhook.decorator.js';
import { PusherWebhookController } from '../../../lib/webhooks/endpoint/pusher-webhook.controller.js';
import { CREDENTIALS } from '../../support/webhooks/apps.js';
import { signedHeaders } from '../../support/webhooks/signing.js';
import { WebhookServer } from '../../support/webhooks/server.js';
import { ADAPTERS } from '../../support/nest/adapters.js';

/** Requests per adapter. */
const RUNS = 2000;
/** They are slow where many tests run at the same time. */
const TIMEOUT_MS = 120_000;

interface RandomRequest {
  headers: Record<string, string | string[]>;
  body: Buffer;
  chunked: boolean;
}

const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 40 });

const anEvent = fc.record(
  {
    name: fc.constantFrom('channel_occupied', 'member_added', 'client_event', 'new', ''),
    channel: fc.oneof(fc.constantFrom('presence-a', 'private-encrypted-a'), fc.string()),
    user_id: fc.oneof(fc.string(), fc.integer(), fc.jsonValue()),
    event: fc.string(),
    data: fc.oneof(fc.json(), fc.string(), fc.jsonValue()),
    socket_id: fc.oneof(fc.constant('1.2'), fc.jsonValue()),
  },
  { requiredKeys: ['name'] },
);

const aWebhook = fc
  .record({ time_ms: fc.integer(), events: fc.array(anEvent, { maxLength: 5 }) })
  .map((webhook) => JSON.stringify(webhook));

const aBody = fc.oneof(
  { weight: 12, arbitrary: aWebhook },
  fc
    .record({ time_ms: fc.jsonValue(), events: fc.jsonValue() }, { requiredKeys: [] })
    .map((value) => JSON.stringify(value)),
  fc.json(),
  fc.string({ unit: 'binary' }),
  fc.uint8Array({ maxLength: 200 }),
  fc.constant(''),
  fc.constant(`{"time_ms":1,"events":[],"filler":"${'a'.repeat(200_000)}"}`),
);

const aType = fc.oneof(
  { weight: 12, arbitrary: fc.constant('application/json') },
  fc.constantFrom(
    'application/json; charset=utf-8',
    'application/json; charset=utf-16',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'application/vnd.api+json',
    undefined,
  ),
  ascii.map((text) => `application/json;${text}`),
  ascii,
);

const aRequest: fc.Arbitrary<RandomRequest> = fc
  .record({
    type: aType,
    body: aBody.map((body) => Buffer.from(body)),
    key: fc.oneof(
      { weight: 12, arbitrary: fc.constant(CREDENTIALS.key) },
      fc.constantFrom(undefined, 'other', '__proto__'),
      ascii,
    ),
    sign: fc.oneof(
      { weight: 12, arbitrary: fc.constant((right: string): string | string[] => right) },
      fc.constantFrom(
        () => undefined,
        (right: string) => right.toUpperCase(),
        (right: string) => right.slice(2),
        (right: string) => `${right}00`,
        (right: string) => [right, right],
      ),
      fc.oneof(ascii, fc.stringMatching(/^[0-9a-f]{64}$/)).map((text) => () => text),
    ),
    encoding: fc.oneof(
      { weight: 16, arbitrary: fc.constant(undefined) },
      fc.constantFrom('gzip', 'deflate', 'br', 'identity', 'zip'),
      ascii,
    ),
    more: fc.dictionary(fc.stringMatching(/^x-[a-z0-9-]{1,10}$/), ascii, { maxKeys: 3 }),
    chunked: fc.boolean(),
  })
  .map(({ type, body, key, sign, encoding, more, chunked }) => {
    const right = createHmac('sha256', CREDENTIALS.secret).update(body).digest('hex');
    const given = {
      ...more,
      'content-type': type,
      'content-encoding': encoding,
      'x-pusher-key': key,
      'x-pusher-signature': sign(right),
    };
    const headers = Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    ) as RandomRequest['headers'];
    return { headers, body, chunked };
  });

/** Milliseconds between 1970 and the last moment, and the first, that a `Date` can represent. */
const LAST_MOMENT = 8_640_000_000_000_000;

/** A valid request, except perhaps for its time. */
function signedAt(timeMs: number): RandomRequest {
  const body = Buffer.from(JSON.stringify({ time_ms: timeMs, events: [{ name: 'new' }] }));
  return { headers: signedHeaders(body), body, chunked: false };
}

/** Whether the webhook itself is signed and valid. */
function isGenuine({ headers, body }: RandomRequest): boolean {
  const right = createHmac('sha256', CREDENTIALS.secret).update(body).digest('hex');
  if (headers['x-pusher-signature'] !== right || headers['x-pusher-key'] !== CREDENTIALS.key)
    return false;
  try {
    const { time_ms: timeMs, events } = JSON.parse(body.toString()) as Record<string, unknown>;
    return (
      typeof timeMs === 'number' &&
      Math.abs(timeMs) <= LAST_MOMENT &&
      Array.isArray(events) &&
      events.every((event: unknown) => typeof Object(event).name === 'string')
    );
  } catch {
    return false;
  }
}

/** Whether it has nothing that an HTTP server itself may reject. */
function isPlain({ headers, body }: RandomRequest): boolean {
  return (
    headers['content-type'] === 'application/json' &&
    headers['content-encoding'] === undefined &&
    body.length < 100_000 &&
    !/__proto__|constructor|\\u00/.test(body.toString())
  );
}

@Injectable()
class Everything {
  count = 0;

  @OnPusherWebhook('*')
  take(): void {
    this.count += 1;
  }
}

describe.each(ADAPTERS)('random requests on %s', (_name, adapter) => {
  it(
    'are answered with 200, 400, 401, 413 or 415, and with 200 only when they are genuine',
    async () => {
      await using server = await WebhookServer.start({
        adapter,
        controllers: [PusherWebhookController()],
        providers: [Everything],
      });
      const handled = server.app.get(Everything);
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const seen = new Map<number, number>();

      const send = ({ headers, body, chunked }: RandomRequest): Promise<number> =>
        new Promise((resolve, reject) => {
          const length = chunked
            ? { 'transfer-encoding': 'chunked' }
            : { 'content-length': body.length };
          const sent = httpRequest({
            port: server.port,
            host: '127.0.0.1',
            path: '/pusher/webhooks',
            method: 'POST',
            agent,
            headers: { ...headers, ...length },
          });
          sent.on('error', reject);
          sent.on('response', (response) => {
            response.resume().on('end', () => resolve(response.statusCode ?? 0));
          });
          sent.end(body);
        });

      await fc.assert(
        fc.asyncProperty(aRequest, async (random) => {
          const before = handled.count;
          const status = await send(random);
          seen.set(status, (seen.get(status) ?? 0) + 1);
          expect([200, 400, 401, 413, 415]).toContain(status);
          const isForged = !isGenuine(random);
          expect(isForged && (status === 200 || handled.count > before)).toBe(false);
          expect(isPlain(random) && !isForged && status !== 200).toBe(false);
        }),
        {
          numRuns: RUNS,
          examples: [-LAST_MOMENT - 1, -LAST_MOMENT, LAST_MOMENT, LAST_MOMENT + 1].map((timeMs) => [
            signedAt(timeMs),
          ]),
        },
      );
      agent.destroy();
      // The run proves something only when it had enough of each kind.
      expect(seen.get(200)).toBeGreaterThan(RUNS / 20);
      expect(seen.get(401)).toBeGreaterThan(RUNS / 20);
      expect(seen.get(400)).toBeGreaterThan(RUNS / 20);
      expect(handled.count).toBeGreaterThan(RUNS / 20);
    },
    TIMEOUT_MS,
  );
});
