import { describe, expect, it } from '@jest/globals';
import {
  collect,
  next,
  nextArguments,
  settled,
  serverWithClients,
} from '../../support/testing/clients.js';

describe('client events of pusher-js', () => {
  const setup = serverWithClients({ apps: [{}, { clientEvents: false }] });
  const pair = async (name: string, appId?: string) => {
    const identity = (user_id: string) => ({ member: { user_id }, ...(appId && { appId }) });
    const sender = await setup().client(identity('1'));
    const other = await setup().client(identity('2'));
    const channel = await setup().subscribed(sender, name);
    return { sender, channel, other, received: await setup().subscribed(other, name) };
  };

  it.each([[{ on: true }], ['text'], [7], [null], [[1, 2]], [undefined]])(
    'carry %j to the others, and not back',
    async (data) => {
      const { sender, channel, received } = await pair('private-room');
      const back = collect(channel, 'client-typing');
      const arrived = next(received, 'client-typing');
      expect(channel.trigger('client-typing', data)).toBe(true);
      expect(await arrived).toEqual(data);
      await settled(sender);
      expect(back).toEqual([]);
    },
  );

  it('name their sender on presence channels only', async () => {
    for (const [name, metadata] of [
      ['presence-room', { user_id: '1' }],
      ['private-room', {}],
    ] as const) {
      const { channel, received } = await pair(name);
      const arrived = nextArguments(received, 'client-typing');
      channel.trigger('client-typing', {});
      expect(await arrived).toEqual([{}, metadata]);
    }
  });

  it('are refused when they are disabled', async () => {
    const { sender, channel, other } = await pair('private-room', '2');
    const received = collect(other, 'client-typing');
    const refusal = next(sender.connection, 'error');
    channel.trigger('client-typing', {});
    expect(await refusal).toEqual({
      type: 'PusherError',
      data: {
        code: null,
        message:
          'To send client events, you must enable this feature in the Settings page of your dashboard.',
      },
    });
    await settled(other);
    expect(received).toEqual([]);
  });

  it.each([
    ['public', 'news', 'Client event rejected - only supported on private and presence channels'],
    [
      'foreign',
      'private-else',
      'Cannot broadcast client event (connection not subscribed to channel private-else)',
    ],
  ])('are refused on %s channels', async (_what, name, message) => {
    const sender = await setup().client();
    const other = await setup().client();
    await setup().subscribed(other, name);
    const received = collect(other, 'client-typing');
    const refusal = next(sender.connection, 'error');
    sender.send_event('client-typing', {}, name);
    expect(await refusal).toMatchObject({ data: { code: null, message } });
    await settled(other);
    expect(received).toEqual([]);
    expect(sender.connection.state).toBe('connected');
  });

  it('are refused when they are too long or too large', async () => {
    const { sender, channel } = await pair('private-room');
    for (const [event, data] of [
      [`client-${'x'.repeat(200)}`, {}],
      ['client-typing', 'x'.repeat(10_241)],
    ] as const) {
      const refusal = next(sender.connection, 'error');
      channel.trigger(event, data);
      expect(await refusal).toMatchObject({ data: { code: null } });
    }
  });

  it('are not cached', async () => {
    const { channel, received } = await pair('private-cache-room');
    const arrived = next(received, 'client-typing');
    channel.trigger('client-typing', {});
    await arrived;
    const late = await setup().client();
    expect(await next(late.subscribe('private-cache-room'), 'pusher:cache_miss')).toEqual({});
  });
});
