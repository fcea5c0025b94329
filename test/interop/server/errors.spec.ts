import { describe, expect, it } from '@jest/globals';
import OfficialPusher from 'pusher';
import { serverWithClients } from '../../support/testing/clients.js';

describe('the official server package', () => {
  const setup = serverWithClients();
  const other = (change: object) => {
    const { options } = setup().server;
    return new OfficialPusher({ ...options, port: String(options.port), ...change });
  };

  it.each([
    ['a wrong secret', { secret: 'wrong' }, 401, /^Invalid signature: you should have sent Hmac/],
    ['an unknown key', { key: 'nobody' }, 401, /^Unknown auth_key\n$/],
    ['an unknown app', { appId: 'nobody' }, 404, /^404 NOT FOUND\n$/],
  ])('rejects with %s', async (_what, change, status, body) => {
    await expect(other(change).trigger('news', 'event', {})).rejects.toMatchObject({
      message: `Unexpected status code ${status}`,
      status,
      body: expect.stringMatching(body),
    });
    expect(setup().server.published()).toEqual([]);
  });

  it.each([
    ['no channels', (pusher: OfficialPusher) => pusher.trigger([], 'event', {}), 400],
    ['no data', (pusher: OfficialPusher) => pusher.trigger('news', 'event', undefined), 400],
    ['20 kB', (pusher: OfficialPusher) => pusher.trigger('news', 'event', 'x'.repeat(20_000)), 413],
    [
      'eleven events',
      (pusher: OfficialPusher) =>
        pusher.triggerBatch(
          Array.from({ length: 11 }, () => ({ channel: 'news', name: 'event', data: {} })),
        ),
      400,
    ],
    [
      'a count of users where there are none',
      (pusher: OfficialPusher) =>
        pusher.get({ path: '/channels/news', params: { info: 'user_count' } }),
      400,
    ],
  ])('rejects with %s', async (_what, send, status) => {
    await expect(send(setup().official())).rejects.toMatchObject({ status });
  });

  it.each<[string, (pusher: OfficialPusher) => Promise<unknown>]>([
    ['a trigger', (pusher) => pusher.trigger('news', 'e', {}, { info: 'subscription_count' })],
    [
      'a batch',
      (pusher) =>
        pusher.triggerBatch([{ channel: 'a', name: 'e', data: '1', info: 'subscription_count' }]),
    ],
    [
      'the list of channels',
      (pusher) => pusher.get({ path: '/channels', params: { info: 'subscription_count' } }),
    ],
    [
      'one channel',
      (pusher) => pusher.get({ path: '/channels/a', params: { info: 'subscription_count' } }),
    ],
  ])(
    'is refused subscription counts of %s while the app does not count them',
    async (_what, send) => {
      await expect(send(setup().official())).rejects.toMatchObject({
        status: 400,
        body: 'Cannot retrieve the subscription count because subscription counting is not enabled\n',
      });
      expect(setup().server.published()).toEqual([]);
    },
  );

  it('rejects with a user id that its HTTP layer escapes after signing', async () => {
    const terminating = setup().official().terminateUserConnections('a b');
    await expect(terminating).rejects.toMatchObject({ status: 400, body: 'Invalid user id\n' });
  });

  it.each([
    [
      { status: 503, body: 'busy' },
      { status: 503, body: 'busy' },
    ],
    [{ drop: 'before-read' as const }, { message: 'Request failed with an error' }],
    [{ drop: 'after-read' as const }, { message: 'Request failed with an error' }],
  ])('rejects once after %j', async (fault, error) => {
    setup().server.failNext(fault);
    await expect(setup().official().trigger('news', 'event', {})).rejects.toMatchObject(error);
    await expect(setup().official().trigger('news', 'event', {})).resolves.toMatchObject({
      status: 200,
    });
  });

  it('rejects when the server is too slow', async () => {
    setup().server.failNext({ delayMs: Infinity });
    await expect(other({ timeout: 20 }).trigger('news', 'event', {})).rejects.toMatchObject({
      error: { name: 'AbortError' },
    });
  });
});
