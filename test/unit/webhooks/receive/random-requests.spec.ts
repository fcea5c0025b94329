import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { PusherWebhookError } from '../../../../lib/errors/pusher-webhook.error.js';
import { SystemClock } from '../../../../lib/runtime/clock.js';
import type { WebhookRequest } from '../../../../lib/webhooks/webhook.js';
import { WebhookReceiver } from '../../../../lib/webhooks/receive/webhook-receiver.js';
import { CREDENTIALS, webhookApp } from '../../../support/webhooks/apps.js';
import { signedHeaders } from '../../../support/webhooks/signing.js';

const app = webhookApp({ masterKey: new Uint8Array(32), webhooks: { toleranceMs: 300_000 } });
const receiver = WebhookReceiver.forApp(app, new SystemClock());

function codeOf(request: WebhookRequest): string {
  try {
    receiver.receive(request);
    return 'accepted';
  } catch (error) {
    if (error instanceof PusherWebhookError) return error.code;
    throw error;
  }
}

const anything = fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true });

/** Thousands of runs are slow where many tests run at the same time. */
const TIMEOUT_MS = 60_000;

describe('WebhookReceiver, whatever it receives,', () => {
  it(
    'throws nothing but PusherWebhookError for signed bodies',
    () => {
      const anEvent = fc.record(
        { name: fc.constantFrom('client_event', 'member_added', 'x'), channel: fc.jsonValue() },
        { requiredKeys: ['name'] },
      );
      const anEncryptedEvent = fc.record({
        name: fc.constant('client_event'),
        channel: fc.constant('private-encrypted-a'),
        event: fc.constant('client-x'),
        socket_id: fc.constant('1.2'),
        data: fc.oneof(
          fc.jsonValue(),
          fc.json(),
          fc.base64String().map((text) => `{"nonce":"${text}","ciphertext":"${text}"}`),
        ),
      });
      const aBody = fc.oneof(
        fc.json(),
        fc.string({ unit: 'binary' }),
        fc.uint8Array(),
        fc
          .record({
            time_ms: fc.oneof(
              fc.double(),
              fc.integer().map((ms) => Date.now() + (ms % 300_000)),
              fc.jsonValue(),
            ),
            events: fc.oneof(fc.array(fc.oneof(anEvent, anEncryptedEvent)), fc.jsonValue()),
          })
          .map((value) => JSON.stringify(value)),
      );
      const seen = new Set<string>();
      fc.assert(
        fc.property(aBody, (rawBody) => {
          seen.add(codeOf({ headers: signedHeaders(rawBody), rawBody }));
        }),
        { numRuns: 10_000 },
      );
      expect([...seen].toSorted()).toEqual([
        'PUSHER_WEBHOOK_MALFORMED',
        'PUSHER_WEBHOOK_UNVERIFIED',
        'accepted',
      ]);
    },
    TIMEOUT_MS,
  );

  it(
    'accepts nothing that is not signed, whatever headers and body are',
    () => {
      const aHeader = fc.oneof(
        fc.string(),
        fc.array(fc.string()),
        anything,
      ) as fc.Arbitrary<string>;
      const headers = fc.oneof(
        fc.record(
          {
            'x-pusher-key': fc.oneof(fc.constant(CREDENTIALS.key), aHeader),
            'x-pusher-signature': fc.oneof(fc.stringMatching(/^[0-9a-f]{64}$/), aHeader),
            'content-type': fc.oneof(fc.constant('application/json'), aHeader),
          },
          { requiredKeys: [] },
        ),
        fc.dictionary(fc.string(), aHeader),
      );
      const rawBody = fc.oneof(fc.string(), fc.uint8Array(), anything) as fc.Arbitrary<string>;
      fc.assert(
        fc.property(headers, rawBody, (given, body) => {
          expect(codeOf({ headers: given, rawBody: body })).toMatch(/^PUSHER_WEBHOOK_(UN|NO)/);
        }),
        { numRuns: 10_000 },
      );
    },
    TIMEOUT_MS,
  );
});
