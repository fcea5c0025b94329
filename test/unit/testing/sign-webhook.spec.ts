import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { signWebhook } from '../../../lib/testing/index.js';

interface Vector {
  id: string;
  key: string;
  secret: string;
  headers: Record<string, string>;
  body: string;
  valid: boolean;
}

const { vectors } = JSON.parse(readFileSync('test/vectors/webhooks.json', 'utf8')) as {
  vectors: Vector[];
};

/** Those that were signed with the key of the entry, and whose body `JSON.stringify` would make. */
const canonical = vectors.filter(
  ({ id, valid, body }) =>
    valid &&
    id !== 'extra-token' &&
    /^\{"time_ms":\d+,"events":\[.*\]\}$/s.test(body) &&
    isTight(body),
);

function isTight(body: string): boolean {
  return JSON.stringify(JSON.parse(body)) === body;
}

describe('signWebhook', () => {
  it('has vectors to compare with', () => {
    expect(canonical.length).toBeGreaterThan(5);
  });

  it.each(canonical)('makes the same request as $id', ({ key, secret, headers, body }) => {
    const { time_ms: timeMs, events } = JSON.parse(body) as {
      time_ms: number;
      events: { name: string }[];
    };
    const webhook = signWebhook({ timeMs, events }, { key, secret });
    expect(webhook.body).toBe(body);
    expect(webhook.headers['x-pusher-key']).toBe(key);
    expect(webhook.headers['x-pusher-signature']).toBe(headers['x-pusher-signature']);
    expect(webhook.headers['content-type']).toBe('application/json');
  });

  it('translates the names of the library to those of the wire', () => {
    const event = { name: 'client_event', channel: 'presence-a', userId: '1', socketId: '1.2' };
    const { body } = signWebhook(
      { events: [{ ...event, subscriptionCount: 3, own: true }] },
      credentials,
    );
    expect(JSON.parse(body)).toMatchObject({
      events: [
        {
          name: 'client_event',
          channel: 'presence-a',
          user_id: '1',
          socket_id: '1.2',
          subscription_count: 3,
          own: true,
        },
      ],
    });
  });

  it('uses the current time by default', () => {
    const before = Date.now();
    const { time_ms: timeMs } = JSON.parse(signWebhook({ events: [] }, credentials).body) as {
      time_ms: number;
    };
    expect(timeMs).toBeGreaterThanOrEqual(before);
    expect(timeMs).toBeLessThanOrEqual(Date.now());
  });

  it('keeps fields with the names that every object has', () => {
    const { body } = signWebhook(
      { events: [{ name: 'new', constructor: 1, toString: 2 }], timeMs: 1 },
      { key: 'k', secret: 's' },
    );
    expect(body).toBe('{"time_ms":1,"events":[{"name":"new","constructor":1,"toString":2}]}');
  });
});

const credentials = { key: 'key', secret: 'secret' };
