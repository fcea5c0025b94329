import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestCredentials } from './apps.js';

/** One entry of test/vectors/webhooks.json. */
export interface WebhookVector {
  id: string;
  key: string;
  secret: string;
  extra_tokens?: TestCredentials[];
  headers: Record<string, string>;
  body: string;
  valid: boolean;
  time_ms?: number;
  events?: (Record<string, unknown> & { name: string })[];
}

const FILE = join(import.meta.dirname, '../../vectors/webhooks.json');

const VECTORS = (JSON.parse(readFileSync(FILE, 'utf8')) as { vectors: WebhookVector[] }).vectors;

/** Webhooks to accept. */
export const VALID_VECTORS = VECTORS.filter(({ valid, events }) => valid && events !== undefined);
/** JSON with a valid signature that is not a valid webhook: published for the signature alone. */
export const MALFORMED_VECTORS = VECTORS.filter(
  ({ valid, events }) => valid && events === undefined,
);
/** Requests to refuse. */
export const INVALID_VECTORS = VECTORS.filter(({ valid }) => !valid);

/** The entry of a vector as the library names its fields. */
export function expectedEvent({
  user_id: userId,
  socket_id: socketId,
  subscription_count: subscriptionCount,
  ...fields
}: Record<string, unknown>): Record<string, unknown> {
  const raw = fields['data'];
  return {
    ...fields,
    ...(raw !== undefined && { data: jsonOrString(raw), rawData: raw }),
    ...(userId !== undefined && { userId }),
    ...(socketId !== undefined && { socketId }),
    ...(subscriptionCount !== undefined && { subscriptionCount }),
  };
}

function jsonOrString(raw: unknown): unknown {
  try {
    return JSON.parse(raw as string);
  } catch {
    return raw;
  }
}
