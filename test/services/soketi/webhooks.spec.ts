import { describe, expect, it } from '@jest/globals';
import {
  ChannelsApplication,
  type ReceivedEvent,
} from '../../support/services/channels-application.js';
import { startSoketi } from '../../support/services/channels-servers.js';

const ROOMS = Array.from({ length: 200 }, (_, at) => `rooms.${at}`);

/** For each channel how many more events of the first name than of the second have arrived. */
function balance(
  events: readonly ReceivedEvent[],
  [more, less]: readonly [string, string],
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { name, channel } of events)
    if (name === more || name === less)
      counts[String(channel)] = (counts[String(channel)] ?? 0) + (name === more ? 1 : -1);
  return counts;
}

describe('webhooks of soketi, with dedupe', () => {
  it('of every type have all of their fields', async () => {
    await using app = await ChannelsApplication.start('soketi', startSoketi);
    const ada = await app.client('ada');
    const cache = app.subscribed(ada, 'cache-prices');
    const room = await app.subscribed(ada, 'presence-room');
    room.trigger('client-typing', { on: true });
    await cache;
    const event = (name: string, channel: string, more: object = {}) => ({
      name,
      channel,
      ...more,
    });
    const expected = [
      event('channel_occupied', 'cache-prices'),
      event('cache_miss', 'cache-prices'),
      event('channel_occupied', 'presence-room'),
      event('member_added', 'presence-room', { userId: 'ada' }),
      event('client_event', 'presence-room', {
        event: 'client-typing',
        data: { on: true },
        rawData: { on: true },
        socketId: ada.connection.socket_id,
        userId: 'ada',
      }),
    ];
    await app.received((events) => events.length >= expected.length);
    ada.disconnect();
    expected.push(
      event('member_removed', 'presence-room', { userId: 'ada' }),
      event('channel_vacated', 'presence-room'),
      event('channel_vacated', 'cache-prices'),
    );
    const events = await app.received(({ length }) => length >= expected.length);
    expect(events).toHaveLength(expected.length);
    // soketi sends them side by side, so they arrive in any order.
    expect(events).toEqual(expect.arrayContaining(expected));
  });

  it.each([
    ['rooms', 'soketi', '', ['channel_occupied', 'channel_vacated']],
    ['rooms', 'pusher', '', ['channel_occupied', 'channel_vacated']],
    ['lists of members', 'soketi', 'presence-', ['member_added', 'member_removed']],
  ] as const)(
    "leave 200 right %s with server: '%s' after a client subscribed, unsubscribed and subscribed within a millisecond",
    async (_what, preset, prefix, names) => {
      await using app = await ChannelsApplication.start(preset, startSoketi);
      const ada = await app.client('ada');
      const { socket_id: socketId } = ada.connection;
      const channels = ROOMS.map((room) => prefix + room);
      for (const channel of channels) {
        const subscription =
          prefix === ''
            ? { channel }
            : { channel, ...app.pusher.authorizeChannel(socketId, channel, { userId: 'ada' }) };
        ada.connection.send_event('pusher:subscribe', subscription);
        ada.connection.send_event('pusher:unsubscribe', { channel });
        ada.connection.send_event('pusher:subscribe', subscription);
      }
      const changes = (events: readonly ReceivedEvent[]) =>
        events.filter(({ name }) => names.some((one) => one === name));
      const events = await app.received((all) => changes(all).length >= 3 * channels.length);
      expect(changes(events)).toHaveLength(3 * channels.length);
      expect(balance(events, names)).toEqual(
        Object.fromEntries(channels.map((channel) => [channel, 1])),
      );
      expect(Object.keys(await app.pusher.channels()).toSorted()).toEqual(channels.toSorted());
    },
  );
});
