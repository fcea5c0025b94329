import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { PusherWebhookController } from '../../../lib/webhooks/endpoint/pusher-webhook.controller.js';
import { ADAPTERS } from '../../support/nest/adapters.js';
import { CREDENTIALS } from '../../support/webhooks/apps.js';
import { registered, WebhookServer } from '../../support/webhooks/server.js';
import { signedHeaders, webhookBody } from '../../support/webhooks/signing.js';

const BODY = webhookBody({ name: 'channel_occupied', channel: 'a' });

describe.each(ADAPTERS)('a wrong signature with a known key, on %s', (_name, adapter) => {
  const start = async () => {
    const clock = new ManualClock();
    const server = await WebhookServer.start({
      adapter,
      clock,
      apps: [registered({ previousCredentials: [{ key: 'old', secret: 'older' }] })],
      controllers: [PusherWebhookController()],
    });
    const post = (headers: Record<string, string>) =>
      server.post('/pusher/webhooks', BODY, headers);
    const wrong = (key: string) => post(signedHeaders(BODY, { key, secret: 'wrong' }));
    return { server, clock, post, wrong };
  };

  it('is a warning at most once a minute, with the number of webhooks', async () => {
    const { server, clock, wrong } = await start();
    await using _ = server;
    for (let n = 0; n < 5; n += 1) expect((await wrong(CREDENTIALS.key)).status).toBe(401);
    expect(server.log).toEqual([
      `warn: Refused a webhook with the key "${CREDENTIALS.key}" of the app "default" and a wrong signature. Check the secret that belongs to this key, and that nothing changes the body on the way.`,
    ]);
    await clock.advance(59_999);
    await wrong(CREDENTIALS.key);
    expect(server.log).toHaveLength(1);
    await clock.advance(1);
    await wrong(CREDENTIALS.key);
    expect(server.log.slice(1)).toEqual([
      expect.stringMatching(/^warn: Refused 6 webhooks since the last warning with the key/),
    ]);
  });

  it('is counted for each key, and does not show what was sent', async () => {
    const { server, post, wrong } = await start();
    await using _ = server;
    await wrong('old');
    await wrong(CREDENTIALS.key);
    const headers = signedHeaders(BODY);
    await post({ ...headers, 'x-pusher-signature': 'FORGED' });
    expect(server.log.map((line) => /key "([^"]*)"/.exec(line)?.[1])).toEqual([
      'old',
      CREDENTIALS.key,
    ]);
    expect([...server.log, ...server.debugLog].join()).not.toMatch(/FORGED|[0-9a-f]{64}/);
  });

  it('is no warning with an unknown key, or without a signature', async () => {
    const { server, post, wrong } = await start();
    await using _ = server;
    await wrong('unknown');
    await post({ 'content-type': 'application/json' });
    await post({ 'content-type': 'application/json', 'x-pusher-key': CREDENTIALS.key });
    expect(server.log).toEqual([]);
  });
});

describe.each(ADAPTERS)('a signed webhook that cannot be read, on %s', (_name, adapter) => {
  it('is a warning at most once a minute, with the number of webhooks', async () => {
    const clock = new ManualClock();
    await using server = await WebhookServer.start({
      adapter,
      clock,
      apps: [registered()],
      controllers: [PusherWebhookController()],
    });
    const body = '{"time_ms":1,"events":{}}';
    const post = () => server.post('/pusher/webhooks', body, signedHeaders(body));
    expect((await post()).status).toBe(400);
    await post();
    expect(server.log).toEqual([
      'warn: Refused a webhook of the app "default". The signature of the request is right, but the body has no list of events. Check that the sender sent a complete webhook.',
    ]);
    await clock.advance(60_000);
    await post();
    expect(server.log.slice(1)).toEqual([
      expect.stringMatching(/^warn: Refused 2 webhooks since the last warning of the app/),
    ]);
  });
});
