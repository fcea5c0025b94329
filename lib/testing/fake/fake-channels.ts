import { PusherValidationError } from '../../errors/pusher-validation.error.js';
import {
  argumentShape,
  readArgument,
  shownValue,
  valueOfType,
  whatWasGiven,
} from '../../protocol/arguments.js';
import type { ServerRules } from '../../protocol/limits.js';
import { channelKind, checkChannel, isCacheChannel } from '../../protocol/names.js';
import { memberId, type UserId } from '../../protocol/user-ids.js';

/** What a test says about a channel. */
export interface FakeChannel {
  /** Ids of the users on a presence channel. */
  userIds?: readonly UserId[] | undefined;
  /** Connections subscribed. @default the number of users, or 1 */
  subscriptionCount?: number | undefined;
  /** The cached event of a cache channel. */
  cache?: { data: string; ttl?: number | undefined } | null | undefined;
}

const OCCUPIED = argumentShape(
  'field',
  "{ userIds: ['7'] }",
  ['userIds', 'subscriptionCount', 'cache'],
  { users: 'userIds', ids: 'userIds', count: 'subscriptionCount', userCount: 'userIds' },
);

const CACHED = argumentShape('field', '{ data: \'{"id":7}\', ttl: 60 }', ['data', 'ttl'], {
  ttlSeconds: 'ttl',
});

/** A channel as it is kept, checked. */
interface Occupied extends Omit<FakeChannel, 'userIds'> {
  readonly userIds?: readonly string[];
}

/** The channels that a test has occupied. */
export class FakeChannels {
  readonly #channels = new Map<string, Occupied>();

  constructor(private readonly rules: ServerRules) {}

  /** @throws PusherValidationError when no channel can be like that */
  occupy(channel: string, written: FakeChannel | null | undefined): void {
    checkChannel(channel, 'channel', this.rules.limits);
    const { userIds, subscriptionCount, cache } = readArgument(written, 'state', OCCUPIED);
    this.#channels.set(channel, {
      ...(userIds && { userIds: this.#idsIn(userIds, channel) }),
      ...(subscriptionCount !== undefined && { subscriptionCount: countIn(subscriptionCount) }),
      ...(cache && { cache: cachedIn(cache, channel) }),
    });
  }

  clear(): void {
    this.#channels.clear();
  }

  /** The names that start with the prefix. */
  names(prefix: string): string[] {
    return [...this.#channels.keys()].filter((name) => name.startsWith(prefix));
  }

  isOccupied(name: string): boolean {
    return this.#channels.has(name);
  }

  userIds(name: string): readonly string[] {
    return this.#channels.get(name)?.userIds ?? [];
  }

  /** The attributes that the `info` parameter requests, as the server sends them. */
  attributes(name: string, info: string): Record<string, unknown> {
    const { userIds = [], subscriptionCount, cache = null } = this.#channels.get(name) ?? {};
    const subscribed = this.isOccupied(name) ? userIds.length || 1 : 0;
    const all: Record<string, unknown> = {
      ...(channelKind(name) === 'presence' && { user_count: userIds.length }),
      subscription_count: subscriptionCount ?? subscribed,
      ...(isCacheChannel(name) && { cache }),
    };
    const requested = info.split(',').filter((attribute) => Object.hasOwn(all, attribute));
    return Object.fromEntries(requested.map((attribute) => [attribute, all[attribute]]));
  }

  #idsIn(userIds: readonly UserId[], channel: string): string[] {
    if (!Array.isArray(userIds))
      throw new PusherValidationError(
        'userIds',
        `\`userIds\` must be an array of user ids; ${whatWasGiven(userIds)}.`,
      );
    if (channelKind(channel) !== 'presence')
      throw new PusherValidationError(
        'userIds',
        `\`userIds\` is for presence channels only, and "${channel}" is not one. Use \`subscriptionCount\`, or a name that starts with "presence-".`,
      );
    return Array.from(userIds, (id, at) => memberId(id, `userIds[${at}]`, this.rules));
  }
}

function countIn(count: unknown): number {
  if (Number.isInteger(count) && Number(count) >= 0) return Number(count);
  throw new PusherValidationError(
    'subscriptionCount',
    `\`subscriptionCount\` must be a whole number from 0 up; ${shownValue(count)}.`,
  );
}

function cachedIn(cache: NonNullable<FakeChannel['cache']>, channel: string): FakeChannel['cache'] {
  const { data, ttl } = readArgument(cache, 'cache', CACHED);
  if (!isCacheChannel(channel))
    throw new PusherValidationError(
      'cache',
      `\`cache\` is for cache channels only, and "${channel}" is not one. Use a name such as "cache-rates".`,
    );
  valueOfType(data, 'cache.data', ['string']);
  if (ttl !== undefined) valueOfType(ttl, 'cache.ttl', ['number']);
  return { data, ttl };
}
