import { USER_CHANNEL_PREFIX, channelKind } from '../../../protocol/names.js';
import { ApiError } from './response.js';
import type { VerifiedRequest } from './verified-request.js';
import { checkChannel } from './event-input.js';
import { attributeNamesIn, attributesOf, hasAttribute } from './channel-attributes.js';

/** `GET /channels` */
export function listChannels({ app, query }: VerifiedRequest): unknown {
  const prefix = query.get('filter_by_prefix') ?? '';
  const attributes = attributeNamesIn(app, query.get('info'), ['user_count', 'subscription_count']);
  if (attributes.includes('user_count') && !prefix.startsWith('presence-'))
    throw new ApiError(
      400,
      'user_count may only be requested for presence channels - please supply filter_by_prefix beginning with presence-',
    );
  const names = [...app.channels.keys()].filter(
    (name) => name.startsWith(prefix) && !name.startsWith(USER_CHANNEL_PREFIX),
  );
  return {
    channels: Object.fromEntries(names.map((name) => [name, attributesOf(app, name, attributes)])),
  };
}

/** `GET /channels/:channel` */
export function showChannel({ app, params, query }: VerifiedRequest): unknown {
  const name = params['channel'];
  checkChannel(name, app.server.settings.limits);
  const attributes = attributeNamesIn(app, query.get('info'), [
    'user_count',
    'subscription_count',
    'cache',
  ]);
  if (attributes.includes('user_count') && !hasAttribute(name, 'user_count'))
    throw new ApiError(
      400,
      'Cannot retrieve the user count unless the channel is a presence channel',
    );
  if (attributes.includes('cache') && !hasAttribute(name, 'cache'))
    throw new ApiError(400, 'Cannot retrieve the cache unless the channel is a cache channel');
  return { occupied: app.channels.has(name), ...attributesOf(app, name, attributes) };
}

/** `GET /channels/:channel/users` */
export function listUsers({ app, params, query }: VerifiedRequest): unknown {
  const name = params['channel'];
  checkChannel(name, app.server.settings.limits);
  if (channelKind(name) !== 'presence')
    throw new ApiError(400, 'Users can only be retrieved for presence channels');
  const extraneous = [...query.keys()].filter((key) => !/^(?:auth_|body_md5$)/i.test(key));
  if (extraneous.length > 0)
    throw new ApiError(
      400,
      `The following query string parameters are extraneous: ${extraneous.join(', ')}`,
    );
  const members = [...(app.channels.get(name)?.members ?? [])];
  return { users: members.map(({ userId }) => ({ id: userId })) };
}
