import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakePusherService } from '../../../lib/testing/index.js';
import { channelAuthRequest, testChannelRules } from '../../../lib/testing/index.js';
import { serverSettings } from '../../../lib/testing/server/options.js';

/** As an application in JavaScript passes what it has not found. */
type Untyped = Record<keyof FakePusherService, (...args: unknown[]) => unknown>;

describe.each([null, undefined])('a part that is %p is left out', (none) => {
  const pusher = new FakePusherService();
  const untyped = pusher as unknown as Untyped;

  beforeEach(() => pusher.reset());

  it('of the options of a trigger', async () => {
    await untyped.trigger('news', 'e', 1, { socketId: none, info: none, splitChannels: none });
    await untyped.trigger('news', 'e', 1, none);
    await untyped.tryTrigger('news', 'e', 1, none);
    await untyped.sendToUser('7', 'e', 1, none);
    expect(pusher.triggered().map((event) => 'socketId' in event)).toEqual(Array(4).fill(false));
  });

  it('of an entry of a batch', async () => {
    await untyped.triggerBatch([{ channel: 'a', event: 'e', data: 1, socketId: none, info: none }]);
    pusher.assertTriggeredTimes('e', 1, ({ socketId }) => socketId === undefined);
  });

  it('of a query', async () => {
    pusher.occupy('news');
    expect(await untyped.channels({ prefix: none, info: none })).toHaveProperty('news');
    expect(await untyped.channels(none)).toHaveProperty('news');
    expect(await untyped.channel('news', { info: none })).toMatchObject({ occupied: true });
    expect(await untyped.get('/channels', { filter_by_prefix: none })).toHaveProperty('channels');
    expect(await untyped.post('/x', none, none)).toEqual({});
  });

  it('of a request to sign', () => {
    const request = { method: 'GET', path: '/apps/1/channels', timestamp: 1 };
    const parts = { query: none, body: none };
    expect(untyped.createSignedQueryString({ ...request, ...parts })).toBe(
      untyped.createSignedQueryString(request),
    );
    expect(untyped.createSignedQueryString({ ...request, timestamp: none })).toMatch(
      /auth_timestamp=\d{10}&/,
    );
  });

  it('of a member', () => {
    expect(untyped.authorizeChannel('1.1', 'private-a', none)).toEqual({
      auth: expect.any(String),
    });
    expect(
      untyped.authorizeChannel('1.1', 'presence-a', { userId: '7', userInfo: none }),
    ).toMatchObject({ channel_data: '{"user_id":"7"}' });
  });

  it('of a user', () => {
    const user = { id: '7', userInfo: none, watchlist: none, name: 'Ada' };
    expect(untyped.authenticateUser('1.1', user)).toMatchObject({
      user_data: '{"id":"7","name":"Ada"}',
    });
  });

  it('of a webhook, so that its headers are what is missing', () => {
    expect(() => untyped.receiveWebhook({ headers: none, rawBody: none })).toThrow('X-Pusher-Key');
  });

  it('of the options of the testing door', () => {
    const request = channelAuthRequest('private-a', { socketId: none, params: none } as never);
    expect(request).toEqual(channelAuthRequest('private-a'));
    const written = { port: none, apps: [{ key: none }], limits: { maxDataBytes: none } };
    expect(serverSettings(written as never)).toMatchObject({ port: 0, apps: [{ enabled: true }] });
    expect(() => testChannelRules({} as never, { colour: 1 } as never)).toThrow('`colour`');
  });
});
