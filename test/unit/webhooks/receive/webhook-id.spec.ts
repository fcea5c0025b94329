import { describe, expect, it } from '@jest/globals';
import type { PusherOptions } from '../../../../lib/options/pusher-options.js';
import { ManualClock } from '../../../../lib/testing/manual-clock.js';
import { idOf } from '../../../../lib/webhooks/receive/webhook-id.js';
import { WebhookReceiver } from '../../../../lib/webhooks/receive/webhook-receiver.js';
import { CREDENTIALS, webhookApp } from '../../../support/webhooks/apps.js';
import { TIME_MS, signedHeaders, webhookBody } from '../../../support/webhooks/signing.js';

const BODY = webhookBody({ name: 'channel_occupied', channel: 'a' });
const SOKETI = 'SoketiWebhooksAxiosClient/1.0 (Process: 4711)';
const OLD = { key: 'old', secret: 'older' };
const DEDUPE = { dedupe: { ttlMs: 600_000 } };

/** The id of a webhook that an app receives. */
function idIn(
  app: Partial<PusherOptions> = {},
  { body = BODY, credentials = CREDENTIALS, agent = 'agent', name = 'default' } = {},
): string | undefined {
  const options = webhookApp({ name, webhooks: DEDUPE, previousCredentials: [OLD] });
  const receiver = WebhookReceiver.forApp({ ...options, ...app }, new ManualClock());
  const headers = { ...signedHeaders(body, credentials), 'user-agent': agent };
  return idOf(receiver.receive({ headers, rawBody: Buffer.from(body) }));
}

/** An endpoint of the app's API. */
function at(origin: string): Partial<PusherOptions> {
  return { endpoint: { ...webhookApp().endpoint, origin } };
}

describe('the id of a webhook', () => {
  it('is the same for a second delivery, also with the signature of another key', () => {
    expect(idIn()).toMatch(/^[\w-]{43}$/);
    expect(idIn()).toBe(idIn());
    expect(idIn({}, { credentials: OLD })).toBe(idIn());
  });

  it.each([
    ['another time', idIn({}, { body: BODY.replace(String(TIME_MS), String(TIME_MS + 1)) })],
    [
      'another content',
      idIn({}, { body: webhookBody({ name: 'channel_occupied', channel: 'b' }) }),
    ],
    ['another name of the app', idIn({}, { name: 'eu' })],
    ['another app', idIn({ appId: 'other' })],
  ])('differs for %s', (_what, id) => {
    expect(id).toMatch(/^[\w-]{43}$/);
    expect(id).not.toBe(idIn());
  });

  it.each([
    ["server: 'soketi'", idIn({ server: 'soketi' })],
    ['a webhook that says it is from soketi', idIn({}, { agent: SOKETI })],
    [
      'a time in seconds',
      idIn({}, { body: BODY.replace(String(TIME_MS), String(Math.round(TIME_MS / 1000))) }),
    ],
    ['an app without dedupe', idIn({ webhooks: { handlerTimeoutMs: 1 } })],
  ])('does not exist for %s', (_what, id) => {
    expect(id).toBeUndefined();
  });

  it.each([
    ['Pusher', at('https://api-eu.pusher.com')],
    ['Pusher without a cluster', at('https://api.pusher.com')],
    ['sockudo', { server: 'sockudo' }],
  ] as const)('does not depend on headers where soketi cannot be the sender: %s', (_name, app) => {
    expect(idIn(app, { agent: SOKETI })).toBe(idIn());
  });

  it.each(['https://api.pusher.com.example.org', 'https://ws.example.org'])(
    'depends on them at %s',
    (origin) => {
      expect(idIn(at(origin), { agent: SOKETI })).toBeUndefined();
    },
  );
});
