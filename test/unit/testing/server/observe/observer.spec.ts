import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PusherTestServer } from '../../../../../lib/testing/index.js';
import { RawSocket } from '../../../../support/testing/raw-socket.js';
import { sendSigned } from '../../../../support/testing/signed-request.js';

describe('waiting for a test server', () => {
  let server: PusherTestServer;
  beforeEach(async () => {
    server = await PusherTestServer.start();
  });
  afterEach(() => server.stop());

  const publish = (name: string, channel = 'a') =>
    sendSigned(server, { path: '/events', body: { name, data: 'd', channel } });
  const subscribe = async (channel: string) => {
    const { socket } = await RawSocket.connected(server);
    await socket.request({ event: 'pusher:subscribe', data: { channel } });
    return socket;
  };

  it('returns what was published before, each event once', async () => {
    await publish('one');
    await publish('two');
    expect(await server.nextPublished()).toMatchObject({
      event: 'one',
      channels: ['a'],
      data: 'd',
    });
    expect(await server.nextPublished()).toMatchObject({ event: 'two' });
  });

  it('returns what is published later', async () => {
    const waiting = [server.nextPublished(), server.nextPublished('b')];
    await publish('a');
    await publish('b');
    expect(await Promise.all(waiting)).toMatchObject([{ event: 'a' }, { event: 'b' }]);
  });

  it('skips what does not match', async () => {
    await publish('one');
    await publish('two', 'b');
    expect(await server.nextPublished(({ channels }) => channels.includes('b'))).toMatchObject({
      event: 'two',
    });
    expect(await server.nextPublished()).toMatchObject({ event: 'one' });
  });

  it('rejects with what it waited for, and what there was instead', async () => {
    await publish('one');
    await expect(server.nextPublished('two', { timeoutMs: 1 })).rejects.toThrow(
      'Timed out after 1 ms waiting for the event "two". Published: one on a.',
    );
    await expect(server.nextPublished(() => false, { timeoutMs: 1 })).rejects.toThrow(
      'Timed out after 1 ms waiting for a published event. Published: one on a.',
    );
    await expect(server.nextWebhook('cache_miss', { timeoutMs: 1 })).rejects.toThrow(
      'Timed out after 1 ms waiting for the webhook "cache_miss". Webhooks: none.',
    );
    await subscribe('news');
    const [{ socketId } = { socketId: '' }] = server.connections();
    await expect(server.waitForSubscription('other', { timeoutMs: 1 })).rejects.toThrow(
      `Timed out after 1 ms waiting for a subscription to "other". Connected: ${socketId} on news.`,
    );
    await expect(server.until(() => false, 'a miracle', { timeoutMs: 1 })).rejects.toThrow(
      'Timed out after 1 ms waiting for a miracle.',
    );
    await expect(server.nextWebhook('member_added', { timeoutMs: 1 })).rejects.toThrow(
      'Webhooks: channel_occupied.',
    );
  });

  it('rejects with what was refused, without signatures', async () => {
    const { socket, socketId } = await RawSocket.connected(server);
    const auth = `${server.key}:${'f'.repeat(64)}`;
    await socket.request({ event: 'pusher:subscribe', data: { channel: 'private-a', auth } });
    await expect(server.waitForSubscription('private-a', { timeoutMs: 1 })).rejects.toThrow(
      `Connected: ${socketId} on no channel. Refused: ${socketId}: Invalid signature: Expected HMAC SHA256 hex digest of ${socketId}:private-a.`,
    );
    await fetch(`http://127.0.0.1:${server.port}/apps/1/events`, { method: 'POST', body: '{}' });
    const error: unknown = await server
      .nextPublished('a', { timeoutMs: 1 })
      .catch((e: unknown) => e);
    expect(String(error)).toMatch(
      /Published: none\. Refused: .*; POST \/apps\/1\/events: 401 Missing parameter: auth_key\.$/,
    );
    expect(String(error)).not.toContain('ffff');
  });

  it('rejects with a stack that reaches the function that waits', async () => {
    async function aTestThatWaits(): Promise<void> {
      await server.nextPublished('a', { timeoutMs: 1 });
    }
    const error = await aTestThatWaits().catch((e: unknown) => e);
    expect((error as Error).stack).toContain('aTestThatWaits');
  });

  it('lists the last refusals only', async () => {
    const { socket } = await RawSocket.connected(server);
    for (let at = 1; at <= 9; at += 1) await socket.request({ event: `no-${at}` });
    const error: unknown = await server
      .nextPublished('a', { timeoutMs: 1 })
      .catch((e: unknown) => e);
    expect(String(error).match(/no-\d/g)).toEqual(['no-5', 'no-6', 'no-7', 'no-8', 'no-9']);
  });

  it('rejects with what a predicate throws', async () => {
    const waiting = server.nextPublished(() => {
      throw new Error('from the test');
    });
    await Promise.all([expect(waiting).rejects.toThrow('from the test'), publish('one')]);
  });

  it('ends when the server stops', async () => {
    const waiting = server.nextPublished();
    await Promise.all([
      expect(waiting).rejects.toThrow(
        'The server was stopped while the test waited for a published event.',
      ),
      server.stop(),
    ]);
  });

  it('returns subscriptions, existing and to come', async () => {
    await subscribe('news');
    expect(await server.waitForSubscription('news')).toMatchObject([{ channels: ['news'] }]);
    const both = server.waitForSubscription('news', { count: 2, appId: server.options.appId });
    await subscribe('news');
    expect(await both).toHaveLength(2);
  });

  it('notices that a connection ends', async () => {
    const socket = await subscribe('news');
    socket.end();
    await server.until(() => server.connections().length === 0, 'the connection to end');
    expect(server.connections()).toEqual([]);
  });
});
