import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ManualClock,
  PusherTestServer,
  type PusherTestServerOptions,
} from '../../../../../lib/testing/index.js';
import { RawSocket } from '../../../../support/testing/raw-socket.js';
import { WebhookSink } from '../../../../support/webhooks/sink.js';

const CHANNEL = 'news';
const SECOND = 1000;
const subscribe = { event: 'pusher:subscribe', data: { channel: CHANNEL } };
const unsubscribe = { event: 'pusher:unsubscribe', data: { channel: CHANNEL } };

describe('a webhook of the test server', () => {
  let sink: WebhookSink;
  let clock: ManualClock;
  let running: PusherTestServer | undefined;
  beforeEach(async () => {
    sink = await WebhookSink.start();
    clock = new ManualClock();
  });
  afterEach(async () => {
    await running?.stop();
    await sink.stop();
  });

  async function start(options: PusherTestServerOptions = {}) {
    const server = await PusherTestServer.start({ clock, webhookUrl: sink.url, ...options });
    running = server;
    return { server, socket: (await RawSocket.connected(server)).socket };
  }

  it('is signed, and has its time in milliseconds', async () => {
    const { server, socket } = await start();
    await socket.request(subscribe);
    const sent = await server.nextWebhook('channel_occupied');
    const [{ headers, body } = { headers: {}, body: '' }] = sink.received;
    expect(body).toBe(
      `{"time_ms":${clock.now()},"events":[{"name":"channel_occupied","channel":"news"}]}`,
    );
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(body.length),
      'x-pusher-key': server.key,
      'x-pusher-signature': createHmac('sha256', server.options.secret).update(body).digest('hex'),
    });
    expect(sent).toMatchObject({ body, timeMs: clock.now(), delivered: true });
    expect(sent.attempts).toEqual([{ atMs: clock.now(), status: 200, body: 'noted' }]);
  });

  it('is signed with the oldest credentials of the app', async () => {
    const old = { key: 'oldest', secret: 'of all' };
    const previousCredentials = [old, { key: 'older', secret: 'than now' }];
    const { server, socket } = await start({ apps: [{ previousCredentials }] });
    await socket.request(subscribe);
    await server.nextWebhook();
    const [{ headers, body } = { headers: {}, body: '' }] = sink.received;
    expect(headers).toMatchObject({
      'x-pusher-key': 'oldest',
      'x-pusher-signature': createHmac('sha256', old.secret).update(body).digest('hex'),
    });
  });

  it('is sent in the order of what happened', async () => {
    const { server, socket } = await start();
    for (let round = 0; round < 5; round += 1) {
      await socket.request(subscribe);
      socket.send(unsubscribe);
    }
    await server.until(() => sink.received.length === 10, 'ten webhooks');
    expect(sink.events.map(({ name }) => name)).toEqual(
      Array.from({ length: 5 }, () => ['channel_occupied', 'channel_vacated']).flat(),
    );
  });

  it('is not sent before the one before it has its response', async () => {
    sink.responses.push('hang');
    const { server, socket } = await start();
    const startMs = clock.now();
    await socket.request(subscribe);
    socket.send(unsubscribe);
    await socket.settled();
    await clock.advance(4 * SECOND);
    await server.nextWebhook('channel_vacated');
    expect(server.webhooks().map(({ attempts }) => attempts[0]?.atMs)).toEqual([
      startMs,
      startMs + 4 * SECOND,
    ]);
  });

  it('leaves no timer behind, however its delivery ends', async () => {
    sink.responses.push(200, 500, 'hang');
    const { server, socket } = await start();
    const { sleeping } = clock;
    for (const message of [subscribe, unsubscribe]) {
      socket.send(message);
      await server.nextWebhook();
    }
    expect(clock.sleeping).toBe(sleeping);
    socket.send(subscribe);
    await server.until(() => server.webhooks().length === 3, 'a third webhook');
    await clock.advance(4 * SECOND);
    await server.nextWebhook();
    expect(clock.sleeping).toBe(sleeping);
  });

  it('is recorded and not sent without a URL', async () => {
    const server = await PusherTestServer.start({ clock });
    running = server;
    const { socket } = await RawSocket.connected(server);
    await socket.request(subscribe);
    expect(await server.nextWebhook()).toMatchObject({ attempts: [], delivered: false });
    expect(server.webhooks()).toHaveLength(1);
    expect(server.webhooks()[0]).not.toHaveProperty('url');
  });

  it('is sent for the events and to the URL of the app', async () => {
    const elsewhere = await WebhookSink.start();
    const webhookEvents = ['channel_vacated'] as const;
    const { server, socket } = await start({
      apps: [{ webhookUrl: elsewhere.url, webhookEvents }],
    });
    await socket.request(subscribe);
    socket.send(unsubscribe);
    await server.nextWebhook('channel_vacated');
    expect(elsewhere.events).toEqual([{ name: 'channel_vacated', channel: CHANNEL }]);
    expect(sink.events).toEqual([]);
    await elsewhere.stop();
  });

  describe('about an absence', () => {
    const options = { webhooks: { absenceDelayMs: 3 * SECOND } };

    it('is sent when the absence lasts', async () => {
      const { server, socket } = await start(options);
      await socket.request(subscribe);
      socket.send(unsubscribe);
      await socket.settled();
      await clock.advance(2999);
      await server.nextWebhook('channel_occupied');
      expect(sink.events).toHaveLength(1);
      await clock.advance(1);
      await server.nextWebhook('channel_vacated');
      expect(sink.events.map(({ name }) => name)).toEqual(['channel_occupied', 'channel_vacated']);
    });

    it('is not sent when the absence is short, nor one about the return', async () => {
      const { server, socket } = await start(options);
      await socket.request(subscribe);
      await server.nextWebhook('channel_occupied');
      socket.send(unsubscribe);
      await socket.settled();
      await clock.advance(2999);
      await socket.request(subscribe);
      await clock.advance(60 * SECOND);
      expect(server.webhooks()).toHaveLength(1);
    });
  });

  it('contains all events of a window', async () => {
    const { server, socket } = await start({ webhooks: { batchWindowMs: 50 } });
    await socket.request(subscribe);
    socket.send(unsubscribe);
    await socket.settled();
    expect(server.webhooks()).toEqual([]);
    await clock.advance(50);
    await server.nextWebhook();
    expect(sink.received).toHaveLength(1);
    expect(sink.events.map(({ name }) => name)).toEqual(['channel_occupied', 'channel_vacated']);
    await socket.request(subscribe);
    await clock.advance(50);
    await server.nextWebhook();
    expect(sink.received).toHaveLength(2);
  });

  describe('is attempted', () => {
    it('once, and records the response of the application', async () => {
      sink.responses.push(500);
      const { server, socket } = await start();
      await socket.request(subscribe);
      const webhook = await server.nextWebhook();
      await clock.advance(10 * 60 * SECOND);
      expect(webhook.attempts).toMatchObject([{ status: 500, body: 'noted' }]);
      expect(webhook.delivered).toBe(false);
    });

    it('again with growing pauses and the same bytes, until the response is 2xx', async () => {
      sink.responses.push(500, 301, 204);
      const { server, socket } = await start({ webhooks: { retry: true } });
      const startMs = clock.now();
      await socket.request(subscribe);
      const webhook = await server.nextWebhook();
      await clock.advance(999);
      expect(sink.received).toHaveLength(1);
      await clock.advance(1);
      await server.until(() => webhook.attempts.length === 2, 'a second attempt');
      await clock.advance(2 * SECOND);
      await server.until(() => webhook.delivered, 'delivery');
      await clock.advance(10 * 60 * SECOND);
      expect(webhook.attempts.map(({ atMs, status }) => [atMs - startMs, status])).toEqual([
        [0, 500],
        [1000, 301],
        [3000, 204],
      ]);
      expect(new Set(sink.received.map(({ body }) => body)).size).toBe(1);
    });

    it('for five minutes', async () => {
      sink.responses.push(...Array.from({ length: 20 }, () => 503));
      const { server, socket } = await start({ webhooks: { retry: true } });
      const startMs = clock.now();
      await socket.request(subscribe);
      const webhook = await server.nextWebhook();
      for (let pauseMs = SECOND; pauseMs < 5 * 60 * SECOND; pauseMs *= 2) {
        const { length } = webhook.attempts;
        await clock.advance(pauseMs);
        if (clock.now() - startMs <= 300 * SECOND)
          await server.until(() => webhook.attempts.length > length, 'another attempt');
      }
      expect(webhook.attempts.map(({ atMs }) => (atMs - startMs) / SECOND)).toEqual([
        0, 1, 3, 7, 15, 31, 63, 127, 255,
      ]);
    });

    it('for four seconds at most', async () => {
      sink.responses.push('hang');
      const { server, socket } = await start();
      await socket.request(subscribe);
      await server.until(() => server.webhooks().length === 1, 'the webhook');
      await clock.advance(4 * SECOND);
      expect((await server.nextWebhook()).attempts).toMatchObject([
        { error: 'No response within 4000 ms' },
      ]);
    });

    it('also when nobody listens at its URL', async () => {
      await sink.stop();
      const { server, socket } = await start();
      await socket.request(subscribe);
      const refused = await server.nextWebhook();
      expect(refused.attempts).toMatchObject([{ error: expect.stringContaining('ECONNREFUSED') }]);
      sink = await WebhookSink.start();
    });

    it('no more once the server has stopped', async () => {
      sink.responses.push('hang');
      const { server, socket } = await start();
      await socket.request(subscribe);
      await server.until(() => server.webhooks().length === 1, 'the webhook');
      await server.stop();
      expect(server.webhooks()[0]?.delivered).toBe(false);
    });
  });
});
