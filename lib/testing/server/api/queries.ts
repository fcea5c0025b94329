import { USER_CHANNEL_PREFIX, channelKind } from '../../../protocol/names.js';
import { Refusal } from './answer.js';
import type { ApiRequest } from './api-request.js';
import { checkChannel } from './event-input.js';
import { attributesOf, has, infoIn } from './info.js';

/** `GET /channels` */
export function listChannels({ app, query }: ApiRequest): unknown {
  const prefix = query.get('filter_by_prefix') ?? '';
  const infos = infoIn(query.get('info'), ['user_count', 'subscription_count']);
  if (infos.includes('user_count') && !prefix.startsWith('presence-'))
    throw new Refusal(
      400,
      'user_count may only be requested for presence channels - please supply filter_by_prefix beginning with presence-',
    );
  const names = [...app.channels.keys()].filter(
    (name) => name.startsWith(prefix) && !name.startsWith(USER_CHANNEL_PREFIX),
  );
  return {
    channels: Object.fromEntries(names.map((name) => [name, attributesOf(app, name, infos)])),
  };
}

/** `GET /channels/:channel` */
export function showChannel({ app, params, query }: ApiRequest): unknown {
  const name = params['channel'];
  checkChannel(name, app.server.settings.limits);
  const infos = infoIn(query.get('info'), ['user_count', 'subscription_count', 'cache']);
  if (infos.includes('user_count') && !has(name, 'user_count'))
    throw new Refusal(
      400,
      'Cannot retrieve the user count unless the channel is a presence channel',
    );
  if (infos.includes('cache') && !has(name, 'cache'))
    throw new Refusal(400, 'Cannot retrieve the cache unless the channel is a cache channel');
  return { occupied: app.channels.has(name), ...attributesOf(app, name, infos) };
}

/** `GET /channels/:channel/users` */
export function listUsers({ app, params, query }: ApiRequest): unknown {
  const name = params['channel'];
  checkChannel(name, app.server.settings.limits);
  if (channelKind(name) !== 'presence')
    throw new Refusal(400, 'Users can only be retrieved for presence channels');
  const extraneous = [...query.keys()].filter((key) => !/^(?:auth_|body_md5$)/i.test(key));
  if (extraneous.length > 0)
    throw new Refusal(
      400,
      `The following query string parameters are extraneous: ${extraneous.join(', ')}`,
    );
  const members = [...(app.channels.get(name)?.members ?? [])];
  return { users: members.map(({ userId }) => ({ id: userId })) };
}
