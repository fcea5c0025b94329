import { beforeEach, describe, expect, it } from '@jest/globals';
import { PusherValidationError } from '../../../../lib/errors/pusher-validation.error.js';
import { PusherService } from '../../../../lib/pusher.service.js';
import { FakePusherService } from '../../../../lib/testing/fake/fake-pusher.service.js';

describe('FakePusherService', () => {
  let pusher: FakePusherService;

  beforeEach(() => {
    pusher = new FakePusherService();
  });

  it('is a PusherService', () => expect(pusher).toBeInstanceOf(PusherService));

  it('records events of every kind as clients receive them', async () => {
    await pusher.trigger(['a', 'b'], 'one', { n: 1 }, { socketId: '1.2' });
    await pusher.trigger('private-encrypted-a', 'two', 'text');
    await pusher.triggerBatch([{ channel: 'c', event: 'three', data: 'text' }]);
    await pusher.sendToUser('u1', 'four', null);
    await expect(pusher.tryTrigger('d', 'five', 5)).resolves.toMatchObject({ ok: true });
    expect(pusher.triggered()).toEqual([
      { channels: ['a', 'b'], event: 'one', data: { n: 1 }, socketId: '1.2' },
      { channels: ['private-encrypted-a'], event: 'two', data: 'text' },
      { channels: ['c'], event: 'three', data: 'text' },
      { channels: [], userId: 'u1', event: 'four', data: null },
      { channels: ['d'], event: 'five', data: 5 },
    ]);
  });

  it('records an event to many users once for each of them', async () => {
    await pusher.sendToUser(['u1', 2], 'paid', { id: 7 });
    expect(pusher.triggered()).toEqual([
      { channels: [], userId: 'u1', event: 'paid', data: { id: 7 } },
      { channels: [], userId: '2', event: 'paid', data: { id: 7 } },
    ]);
    pusher.assertTriggered('paid', '#server-to-user-2');
  });

  it('rejects what the real service rejects', async () => {
    await expect(pusher.trigger('a b', 'e', 1)).rejects.toBeInstanceOf(PusherValidationError);
    await expect(pusher.trigger('a', 'e', 'x'.repeat(10_241))).rejects.toMatchObject({
      code: 'PUSHER_INVALID_ARGUMENT',
    });
    pusher.assertNothingTriggered();
  });

  it('applies the limits that it is given', async () => {
    const roomy = new FakePusherService({ server: 'soketi' });
    await roomy.trigger('a', 'e', 'x'.repeat(10_241));
    roomy.assertTriggeredTimes('e', 1);
  });

  it('fails as planned, and works again afterwards', async () => {
    pusher.failNext(new Error('down'), 2);
    await expect(pusher.trigger('a', 'e', 1)).rejects.toThrow('down');
    await expect(pusher.channel('a')).rejects.toThrow('down');
    await pusher.trigger('a', 'e', 2);
    expect(pusher.triggered()).toHaveLength(1);
  });

  it('responds to queries from what the test describes', async () => {
    pusher.occupy('presence-a', { userIds: ['1', '2'] });
    pusher.occupy('cache-b', { cache: { data: '1', ttl: 5 } });
    await expect(
      pusher.channel('presence-a', { info: ['userCount', 'subscriptionCount'] }),
    ).resolves.toEqual({ occupied: true, userCount: 2, subscriptionCount: 2 });
    await expect(pusher.channel('presence-a')).resolves.toEqual({ occupied: true });
    await expect(pusher.channel('cache-b', { info: ['cache'] })).resolves.toEqual({
      occupied: true,
      cache: { data: '1', ttl: 5 },
    });
    await expect(pusher.channel('c')).resolves.toEqual({ occupied: false });
    await expect(pusher.channelUsers('presence-a')).resolves.toEqual([{ id: '1' }, { id: '2' }]);
    expect(Object.keys(await pusher.channels({ prefix: 'presence-' }))).toEqual(['presence-a']);
  });

  it('returns the attributes that triggers request', async () => {
    pusher.occupy('presence-a', { userIds: ['1', 2], subscriptionCount: 3 });
    pusher.occupy('b', { subscriptionCount: 0 });
    const info = ['userCount', 'subscriptionCount'] as const;
    const result = await pusher.trigger(['presence-a', 'b', 'presence-c'], 'e', 1, { info });
    expect(result.channels).toEqual({
      'presence-a': { userCount: 2, subscriptionCount: 3 },
      b: { subscriptionCount: 0 },
      'presence-c': { userCount: 0, subscriptionCount: 0 },
    });
    await expect(
      pusher.triggerBatch([
        { channel: 'presence-a', event: 'e', data: 1, info: ['userCount'] },
        { channel: 'presence-a', event: 'e', data: 1 },
      ]),
    ).resolves.toEqual({ events: [{ userCount: 2 }, {}] });
    await expect(pusher.trigger('presence-a', 'e', 1)).resolves.toEqual({ channels: {} });
  });

  it.each<[string, () => unknown, string]>([
    [
      'a channel name that is not valid',
      () => pusher.occupy('a b'),
      '`channel` is not a valid channel name: "a b"',
    ],
    [
      'users as one string',
      () => pusher.occupy('presence-a', { userIds: '7' as unknown as string[] }),
      '`userIds` must be an array of user ids; a string was given.',
    ],
    [
      'users on a channel that has none',
      () => pusher.occupy('a', { userIds: ['7'] }),
      '`userIds` is for presence channels only, and "a" is not one.',
    ],
    [
      'a user without an id',
      () => pusher.occupy('presence-a', { userIds: ['7', ''] }),
      '`userIds[1]` must be the id of a user',
    ],
    [
      'a count that is not one',
      () => pusher.occupy('a', { subscriptionCount: -1 }),
      '`subscriptionCount` must be a whole number from 0 up; -1 was given.',
    ],
    [
      'a cached event on a channel that has none',
      () => pusher.occupy('a', { cache: { data: '1' } }),
      '`cache` is for cache channels only, and "a" is not one.',
    ],
    [
      'a cached event that is only its data',
      () => pusher.occupy('cache-a', { cache: '1' as unknown as { data: string } }),
      '`cache` must be an object such as { data:',
    ],
    [
      'a failure that is not an error',
      () => pusher.failNext('down' as unknown as Error),
      "`error` must be an Error, such as new Error('no response'); a string was given.",
    ],
    [
      'half a failure',
      () => pusher.failNext(new Error('down'), 0.5),
      '`times` must be a whole number from 0 up, or Infinity; 0.5 was given.',
    ],
  ])('refuses %s', (_what, call, message) => {
    expect(call).toThrow(PusherValidationError);
    expect(call).toThrow(message);
  });

  it('can fail for ever', async () => {
    pusher.failNext(new Error('down'), Infinity);
    for (const at of [1, 2, 3]) await expect(pusher.trigger('a', 'e', at)).rejects.toThrow('down');
    pusher.reset();
    await pusher.trigger('a', 'e', 4);
  });

  it('records whose connections were terminated', async () => {
    await pusher.terminateUserConnections('u1');
    expect(pusher.terminated()).toEqual(['u1']);
  });

  it('authorizes and verifies as the real service does', () => {
    expect(pusher.authorizeChannel('1.2', 'private-a').auth).toMatch(/^fake-key:[0-9a-f]{64}$/);
  });

  it('forgets everything on reset', async () => {
    await pusher.trigger('a', 'e', 1);
    pusher.failNext(new Error('down'));
    pusher.reset();
    pusher.assertNothingTriggered();
    await pusher.trigger('a', 'e', 1);
  });

  describe('its assertions', () => {
    beforeEach(async () => {
      await pusher.trigger('rooms', 'created', { id: 7 });
      await pusher.trigger('rooms', 'created', { id: 8 });
      await pusher.sendToUser('u1', 'paid', { id: 9 });
    });

    it('pass when they hold', () => {
      pusher.assertTriggered('created');
      pusher.assertTriggered('created', 'rooms');
      pusher.assertTriggered('paid', '#server-to-user-u1');
      pusher.assertTriggered('created', ({ data }) => (data as { id: number }).id === 8);
      pusher.assertTriggeredTimes('created', 2);
      pusher.assertTriggeredTimes('created', 2, 'rooms');
      pusher.assertNotTriggered('deleted');
      pusher.assertNotTriggered('created', 'other');
    });

    const record = [
      'Triggered:',
      '  created on rooms: { id: 7 }',
      '  created on rooms: { id: 8 }',
      '  paid on #server-to-user-u1: { id: 9 }',
    ].join('\n');

    it.each([
      ['Event "deleted" was not triggered.', () => pusher.assertTriggered('deleted')],
      ['Event "created" on "x" was not triggered.', () => pusher.assertTriggered('created', 'x')],
      [
        'Event "created" matching the predicate was not triggered.',
        () => pusher.assertTriggered('created', () => false),
      ],
      [
        'Event "created" was triggered 2 times, but should have been once.',
        () => pusher.assertTriggeredTimes('created', 1),
      ],
      [
        'Event "created" on "rooms" was triggered 2 times, but should not have been.',
        () => pusher.assertNotTriggered('created', 'rooms'),
      ],
      ['Nothing should have been triggered.', () => pusher.assertNothingTriggered()],
    ])('fail with "%s" and what was triggered', (message, assertion) => {
      expect(assertion).toThrow(
        expect.objectContaining({ name: 'PusherAssertionError', message: `${message}\n${record}` }),
      );
    });

    it('say when nothing was triggered', () => {
      pusher.reset();
      expect(() => pusher.assertTriggered('created')).toThrow(
        'Event "created" was not triggered.\nNothing was triggered.',
      );
    });

    it('list the last twenty events only', async () => {
      for (let at = 0; at < 100; at++) await pusher.trigger('rooms', 'created', at);
      expect(() => pusher.assertTriggered('deleted')).toThrow('(83 more before these)');
    });
  });
});
