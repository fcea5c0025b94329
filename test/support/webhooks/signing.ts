import { createHmac } from 'node:crypto';
import { CREDENTIALS, type TestCredentials } from './apps.js';

/** When the webhooks of the tests were made, in milliseconds since 1970. */
export const TIME_MS = 1_700_000_000_123;

/** The body of a webhook as Pusher writes it. */
export function webhookBody(...events: object[]): string {
  return JSON.stringify({ time_ms: TIME_MS, events });
}

/** The headers for a body. Signed without our own code, so that one mistake cannot hide another. */
export function signedHeaders(
  body: string | Uint8Array,
  { key, secret }: TestCredentials = CREDENTIALS,
): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-pusher-key': key,
    'x-pusher-signature': createHmac('sha256', secret).update(body).digest('hex'),
  };
}
