import { PusherValidationError } from '../errors/pusher-validation.error.js';
import type { Api } from '../http/api.js';
import {
  type ChannelAttribute,
  type ChannelState,
  infoParameter,
  isChannelAttribute,
} from '../protocol/attributes.js';
import { checkChannel, checkUserId } from '../protocol/checks.js';
import type { PusherLimits } from '../protocol/limits.js';
import { channelKind } from '../protocol/names.js';
import { fieldsOf, readAttributes, readChannels, readState, readUsers } from '../protocol/wire.js';

/** What to ask about all channels. */
export interface ChannelsQuery {
  /** Only channels whose name begins so. @default all */
  prefix?: string;
  /** What to tell of each; `userCount` needs a prefix that begins with `presence-`. @default nothing */
  info?: readonly ChannelAttribute[];
}

/** What to ask about one channel. */
export interface ChannelQuery {
  /** What to tell of it; `userCount` needs a presence channel. @default only whether it is occupied */
  info?: readonly ChannelAttribute[];
}

/** Questions to the server, and the one order that is not an event. */
export class Queries {
  readonly #api: Api;
  readonly #limits: PusherLimits;

  constructor(ports: { api: Api; limits: PusherLimits }) {
    this.#api = ports.api;
    this.#limits = ports.limits;
  }

  async channels(query?: ChannelsQuery | null): Promise<Record<string, ChannelState>> {
    const { prefix = '', info = [] } = query ?? {};
    const parameters = infoQuery(info);
    if (typeof prefix !== 'string')
      throw new PusherValidationError(
        'prefix',
        '`prefix` must be the beginning of channel names, a text.',
      );
    if (info.includes('userCount') && !prefix.startsWith('presence-'))
      throw new PusherValidationError(
        'info',
        '`info` asks for \'userCount\', which only presence channels have. Add a prefix that begins with "presence-".',
      );
    if (prefix !== '') parameters['filter_by_prefix'] = prefix;
    const answer = await this.#get('/channels', parameters);
    // Only occupied channels are listed, and most servers do not say so once more.
    return readChannels(fieldsOf(answer)['channels'], (entry) => ({
      occupied: true,
      ...readAttributes(entry),
    }));
  }

  async channel(name: string, query?: ChannelQuery | null): Promise<ChannelState> {
    const { info = [] } = query ?? {};
    const parameters = infoQuery(info);
    checkChannel(name, 'name', this.#limits);
    if (info.includes('userCount') && channelKind(name) !== 'presence')
      throw new PusherValidationError(
        'info',
        `\`info\` asks for 'userCount', which "${name}" does not have: it is no presence channel. Ask for 'subscriptionCount'.`,
      );
    return readState(await this.#get(`/channels/${name}`, parameters));
  }

  async channelUsers(name: string): Promise<{ id: string }[]> {
    checkChannel(name, 'name', this.#limits);
    if (channelKind(name) !== 'presence')
      throw new PusherValidationError(
        'name',
        `\`name\` is "${name}", which has no list of users. Ask for a channel whose name begins with "presence-".`,
      );
    return readUsers(await this.#get(`/channels/${name}/users`, {}));
  }

  async terminateUserConnections(userId: string): Promise<void> {
    checkUserId(userId, 'userId', this.#limits);
    const path = `/users/${userId}/terminate_connections`;
    await this.#api.request({ method: 'POST', path, body: '{}', idempotent: true });
  }

  #get(path: string, query: Record<string, string>): Promise<unknown> {
    return this.#api.request({ method: 'GET', path, query, idempotent: true });
  }
}

function infoQuery(info: readonly ChannelAttribute[]): Record<string, string> {
  if (!Array.isArray(info) || !info.every(isChannelAttribute))
    throw new PusherValidationError(
      'info',
      "`info` must be a list of 'userCount', 'subscriptionCount' and 'cache'.",
    );
  return info.length === 0 ? {} : { info: infoParameter(info) };
}
