import { USER_CHANNEL_PREFIX, channelKind, hasChannelCharacters } from '../../../protocol/names.js';
import { fieldsOf } from '../../../protocol/json.js';
import type { App } from '../app.js';
import type { Member } from '../channels/channel.js';
import { join, leave } from '../channels/membership.js';
import { checkAuth } from './authorization.js';
import type { Connection } from './connection.js';
import { FrameError, parseJson } from './received-frame.js';

/** `pusher:subscribe` */
export function subscribe(app: App, connection: Connection, data: unknown): void {
  const { channel, auth, channel_data: channelData } = fieldsOf(data);
  if (typeof channel !== 'string') throw new FrameError('Expected channel to be a string');
  checkName(app, connection, channel);
  if (connection.channels.has(channel))
    throw new FrameError(`Existing subscription to channel ${channel}`);
  const kind = channelKind(channel);
  if (kind === 'public') return join(app, connection, channel);
  const signed = [connection.socketId, channel];
  if (typeof channelData === 'string') signed.push(channelData);
  checkAuth(app, auth, signed.join(':'));
  let member: Member | undefined;
  if (kind === 'presence') member = memberFor(app, connection, channel, channelData);
  connection.authorized = true;
  join(app, connection, channel, member);
}

/** `pusher:unsubscribe`, to which the protocol has no reply. */
export function unsubscribe(app: App, connection: Connection, data: unknown): void {
  const { channel } = fieldsOf(data);
  if (typeof channel === 'string') leave(app, connection, channel);
}

function checkName(app: App, connection: Connection, channel: string): void {
  if (channel.startsWith('#')) {
    // Nobody but the user may listen to what is sent to the user.
    if (connection.user && channel === USER_CHANNEL_PREFIX + connection.user.id) return;
    throw new FrameError(`Not signed in as the user of channel ${channel}`);
  }
  const { maxChannelNameLength } = app.server.settings.limits;
  if (!hasChannelCharacters(channel) || channel.length > maxChannelNameLength)
    throw new FrameError(`Invalid channel name: '${channel}'`);
}

/**
 * Who joins a presence channel: the member in `channel_data`, or without it the signed-in user.
 * @throws FrameError when there is neither, or a limit is reached
 */
function memberFor(
  app: App,
  connection: Connection,
  channel: string,
  channelData: unknown,
): Member {
  const { limits } = app.server.settings;
  const member =
    typeof channelData === 'string'
      ? memberIn(channelData)
      : connection.user && { userId: connection.user.id, userInfo: connection.user.userInfo };
  if (!member)
    throw new FrameError(`Presence channel ${channel} needs channel_data or a signed-in user`);
  if (member.userId.length > limits.maxUserIdLength)
    throw new FrameError(`The user_id is longer than ${limits.maxUserIdLength} characters`);
  if (typeof channelData === 'string' && Buffer.byteLength(channelData) > limits.maxUserDataBytes)
    throw new FrameError(`The channel_data is larger than ${limits.maxUserDataBytes} bytes`);
  const present = app.channels.get(channel);
  const isNew = !present?.hasMember(member.userId);
  if (isNew && (present?.userCount ?? 0) >= limits.maxPresenceMembers)
    throw new FrameError(
      `Presence channel ${channel} has ${limits.maxPresenceMembers} members, which is the limit`,
    );
  return member;
}

function memberIn(channelData: string): Member | undefined {
  const { user_id: userId, user_info: userInfo } = fieldsOf(parseJson(channelData));
  if (typeof userId === 'number' || (typeof userId === 'string' && userId !== ''))
    return { userId: String(userId), userInfo };
  throw new FrameError('The channel_data must be JSON with a user_id');
}
