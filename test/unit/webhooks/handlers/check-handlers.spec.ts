import { describe, expect, it } from '@jest/globals';
import { ChannelPattern } from '../../../../lib/protocol/channel-pattern.js';
import type { PusherServer } from '../../../../lib/protocol/limits.js';
import {
  subscriptionFaults,
  whyNotSent,
} from '../../../../lib/webhooks/handlers/check-handlers.js';
import { WEBHOOK_EVENT_NAMES } from '../../../../lib/webhooks/webhook-event.js';

function faults(
  names: unknown,
  channel?: string,
  servers: readonly PusherServer[] = ['pusher'],
): string[] {
  const pattern = channel === undefined ? undefined : new ChannelPattern(channel);
  return subscriptionFaults({ names: [names].flat(), pattern, servers });
}

describe('the name of an event', () => {
  it.each([
    ...WEBHOOK_EVENT_NAMES,
    '*',
    'member_updated',
    'new',
    'message_published',
    'something_new',
  ])('may be %s', (name) => {
    expect(faults(name)).toEqual([]);
  });

  it.each([
    ['channel_ocupied', 'channel_occupied'],
    ['channelOccupied', 'channel_occupied'],
    ['channel-vacated', 'channel_vacated'],
    ['CACHE_MISS', 'cache_miss'],
    ['member_add', 'member_added'],
    ['member_aded', 'member_added'],
    ['members_removed', 'member_removed'],
    ['client_events', 'client_event'],
    ['subscribtion_count', 'subscription_count'],
  ])('%s is probably %s', (name, meant) => {
    expect(faults(name)).toEqual([`"${name}" is not the name of an event. Use '${meant}'.`]);
  });

  it.each([[''], [7], [undefined], [null], [{}]])('must not be %p', (name) => {
    expect(faults(name)).toEqual(['The name of an event must be a non-empty string.']);
  });

  it('must be given', () => {
    expect(faults([])).toEqual([expect.stringContaining('The list of events is empty.')]);
  });
});

describe('a pattern', () => {
  it.each([
    ['member_added', 'presence-a.{x}'],
    ['member_removed', 'presence-{x...}'],
    ['client_event', 'private-{x}'],
    ['client_event', 'presence-{x}'],
    ['cache_miss', 'cache-{x}'],
    ['cache_miss', '{x}'],
    ['cache_miss', 'ca{x}'],
    ['cache_miss', 'private-{x}'],
    ['cache_miss', 'private-encrypted-cache-a'],
    ['cache_miss', 'presence-cache-{x}'],
    ['subscription_count', 'private-{x}'],
    ['channel_occupied', 'presents.{x}'],
    ['channel_occupied', 'privacy-{x}'],
    ['channel_occupied', 'prices-{x}'],
    ['*', 'private-a'],
    ['new', '{x}'],
  ])('for %s may be %s', (name, channel) => {
    expect(faults(name, channel)).toEqual([]);
  });

  it.each([
    ['member_added', 'private-a.{x}', /only presence channels have members\. Begin .* presence-\./],
    [
      'member_removed',
      '{x}',
      /^member_removed never happens on the channels of "\{x\}": only pres/,
    ],
    ['client_event', 'rooms.{x}', /on private and presence channels only/],
    ['cache_miss', 'rooms.{x}', /not cache channels\. Begin the pattern with cache-\./],
    ['cache_miss', 'private-a{x}', /Begin the pattern with private-cache-\./],
    ['cache_miss', 'cache', /not cache channels/],
    ['subscription_count', 'presence-{x}', /presence channels have members instead/],
    ['channel_occupied', 'presnce-rooms.{x}', /for public channels; begin it with presence-\./],
    ['channel_vacated', 'presense-{x}', /begin it with presence-\./],
    ['*', 'pirvate-{x}', /begin it with private-\./],
    ['channel_vacated', 'Private-{x}', /begin it with private-\./],
  ])('for %s must not be %s', (name, channel, message) => {
    expect(faults(name, channel)).toEqual([expect.stringMatching(message)]);
  });

  it('is wrong for each of several events that never match it', () => {
    const names = ['channel_occupied', 'member_added', 'member_removed'];
    expect(faults(names, 'private-a')).toHaveLength(2);
  });

  it.each([
    ['client_event', 'rooms.{x}'],
    ['cache_miss', 'rooms.cache-{x}'],
    ['subscription_count', 'presence-a'],
  ])('for %s may be %s where one of the servers is less strict', (name, channel) => {
    expect(faults(name, channel, ['pusher', 'soketi'])).toEqual([]);
  });
});

const SENT = /^sent$/;

describe('what a server sends', () => {
  it.each<[PusherServer[], string[], RegExp]>([
    [['pusher'], ['channel_occupied'], SENT],
    [['reverb'], ['channel_occupied'], /no webhooks \(`server: 'reverb'`\)/],
    [['reverb'], ['*'], /no webhooks/],
    [['reverb', 'sockudo'], ['member_added'], SENT],
    [['soketi'], ['member_added'], SENT],
    [['soketi'], ['subscription_count'], /no subscription_count \(`server: 'soketi'`\)/],
    [['soketi'], ['subscription_count', 'cache_miss'], SENT],
    [['reverb', 'soketi'], ['subscription_count'], /no webhooks/],
    [[], ['member_added'], SENT],
  ])('%j: %j', (servers, names, message) => {
    const why = whyNotSent({ names, servers });
    expect(why ?? 'sent').toMatch(message);
  });
});
