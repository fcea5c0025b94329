import { PusherRequestError } from '../errors/pusher-request.error.js';
import { PusherValidationError } from '../errors/pusher-validation.error.js';
import type { Api, ApiRequest } from '../http/api.js';
import { warnOfGap } from '../options/server-gaps.js';
import { argumentShape, checkArgument } from '../protocol/arguments.js';
import {
  areChannelAttributes,
  attributeFault,
  type ChannelAttribute,
  type ChannelState,
  infoParameter,
} from '../protocol/channel-attributes.js';
import { type CallSubject, ErrorLocator } from '../http/error-locator.js';
import type { ServerRules } from '../protocol/limits.js';
import {
  channelKind,
  checkChannel,
  checkChannelPrefix,
  isCacheChannel,
} from '../protocol/names.js';
import { type UserId, userPathSegment } from '../protocol/user-ids.js';
import {
  readAttributes,
  readChannels,
  readFramedState,
  readState,
  readUsers,
} from '../protocol/wire.js';
import { fieldsOf } from '../protocol/json.js';

/** What to request about all channels. */
export interface ChannelsQuery {
  /** Only channels whose names start with this. @default all */
  prefix?: string | undefined;
  /** Attributes of each; `userCount` needs a prefix that starts with `presence-`. @default none */
  info?: readonly ChannelAttribute[] | undefined;
}

/** What to request about one channel. */
export interface ChannelQuery {
  /** Its attributes; `userCount` needs a presence channel. @default only whether it is occupied */
  info?: readonly ChannelAttribute[] | undefined;
}

const CHANNELS_QUERY = argumentShape(
  'option',
  "{ prefix: 'presence-', info: ['userCount'] }",
  ['prefix', 'info'],
  { filterByPrefix: 'prefix', filter: 'prefix', prefixFilter: 'prefix', attributes: 'info' },
);

const CHANNEL_QUERY = argumentShape('option', "{ info: ['subscriptionCount'] }", ['info'], {
  attributes: 'info',
});

/** The queries of the HTTP API, and its one command that publishes nothing. */
export class Queries {
  readonly #api: Api;
  readonly #rules: ServerRules;
  readonly #locator: ErrorLocator;

  constructor(ports: { api: Api; rules: ServerRules; locator?: ErrorLocator }) {
    this.#api = ports.api;
    this.#rules = ports.rules;
    this.#locator = ports.locator ?? new ErrorLocator(undefined);
  }

  async channels(query?: ChannelsQuery | null): Promise<Record<string, ChannelState>> {
    const given: ChannelsQuery = query ?? {};
    checkArgument(given, 'query', CHANNELS_QUERY);
    const [prefix, info] = [given.prefix ?? '', given.info ?? []];
    const parameters = infoQuery(info);
    checkChannelPrefix(prefix, 'prefix', this.#rules.limits);
    if (info.includes('cache'))
      throw new PusherValidationError(
        'info',
        "`info` has 'cache', which servers return for one channel only. Use channel(name, { info: ['cache'] }).",
      );
    if (info.includes('userCount') && !prefix.startsWith('presence-'))
      throw new PusherValidationError(
        'info',
        '`info` has \'userCount\', which only presence channels have. Add a prefix that starts with "presence-".',
      );
    if (prefix !== '') parameters['filter_by_prefix'] = prefix;
    if (info.includes('userCount')) warnOfGap(this.#rules, 'userCount of channels');
    const response = await this.#get('/channels', parameters);
    // Only occupied channels are listed; most servers do not repeat that for each of them.
    return readChannels(fieldsOf(response)['channels'], (entry) => ({
      occupied: true,
      ...readAttributes(entry),
    }));
  }

  async channel(name: string, query?: ChannelQuery | null): Promise<ChannelState> {
    const given: ChannelQuery = query ?? {};
    checkArgument(given, 'query', CHANNEL_QUERY);
    const info = given.info ?? [];
    const parameters = infoQuery(info);
    checkChannel(name, 'name', this.#rules.limits);
    if (info.includes('userCount') && channelKind(name) !== 'presence')
      throw new PusherValidationError(
        'info',
        `\`info\` has 'userCount', and "${name}" is not a presence channel. Request 'subscriptionCount' instead.`,
      );
    if (info.includes('cache') && !isCacheChannel(name))
      throw new PusherValidationError(
        'info',
        `\`info\` has 'cache', and "${name}" is not a cache channel. Use a name such as "cache-rates" or "private-cache-rates".`,
      );
    if (info.includes('cache')) warnOfGap(this.#rules, 'cached events');
    const response = await this.#get(`/channels/${name}`, parameters, { channels: [name] });
    return this.#rules.server === 'sockudo' ? readFramedState(response, name) : readState(response);
  }

  async channelUsers(name: string): Promise<{ id: string }[]> {
    checkChannel(name, 'name', this.#rules.limits);
    if (channelKind(name) !== 'presence')
      throw new PusherValidationError(
        'name',
        `\`name\` is "${name}", which is not a presence channel and has no list of users. Pass a name that starts with "presence-".`,
      );
    try {
      return readUsers(await this.#get(`/channels/${name}/users`, {}, { channels: [name] }));
    } catch (error) {
      if (isEmptyPresence(error)) return [];
      throw error;
    }
  }

  async terminateUserConnections(userId: UserId): Promise<void> {
    const path = `/users/${userPathSegment(userId, 'userId', this.#rules)}/terminate_connections`;
    warnOfGap(this.#rules, 'terminateUserConnections');
    await this.#request({ method: 'POST', path, body: '{}', idempotent: true });
  }

  #get(path: string, query: Record<string, string>, about?: CallSubject): Promise<unknown> {
    return this.#request({ method: 'GET', path, query, idempotent: true }, about);
  }

  async #request(request: ApiRequest, about?: CallSubject): Promise<unknown> {
    try {
      return await this.#api.request(request);
    } catch (error) {
      throw this.#locator.locate(error, about);
    }
  }
}

/** Reverb responds to a query for an empty channel with 404 and `{}`; its 404 for a wrong app has a message. */
function isEmptyPresence(error: unknown): boolean {
  return error instanceof PusherRequestError && error.status === 404 && error.body.trim() === '{}';
}

function infoQuery(info: readonly ChannelAttribute[]): Record<string, string> {
  if (!areChannelAttributes(info))
    throw new PusherValidationError(
      'info',
      `\`info\` must be a list of any of 'userCount', 'subscriptionCount' and 'cache'${attributeFault(info)}.`,
    );
  return info.length === 0 ? {} : { info: infoParameter(info) };
}
