import { fieldsOf } from '../../../protocol/wire.js';
import type { App } from '../app.js';
import type { Member } from '../channels/channel.js';
import type { Connection } from './connection.js';
import { jsonIn } from './json.js';
import { RefusedFrame } from './refused-frame.js';

/**
 * Who joins a presence channel: what `channel_data` says, else the user that is signed in.
 * @throws RefusedFrame when there is neither, or a limit is reached
 */
export function memberFor(
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
    throw new RefusedFrame(`Presence channel ${channel} needs channel_data or a signed-in user`);
  if (member.userId.length > limits.maxUserIdLength)
    throw new RefusedFrame(`The user_id is longer than ${limits.maxUserIdLength} characters`);
  if (typeof channelData === 'string' && Buffer.byteLength(channelData) > limits.maxUserDataBytes)
    throw new RefusedFrame(`The channel_data is larger than ${limits.maxUserDataBytes} bytes`);
  const present = app.channels.get(channel);
  const isNew = !present?.hasMember(member.userId);
  if (isNew && (present?.userCount ?? 0) >= limits.maxPresenceMembers)
    throw new RefusedFrame(
      `Presence channel ${channel} has ${limits.maxPresenceMembers} members, which is the limit`,
    );
  return member;
}

function memberIn(channelData: string): Member | undefined {
  const { user_id: userId, user_info: userInfo } = fieldsOf(jsonIn(channelData));
  if (typeof userId === 'number' || (typeof userId === 'string' && userId !== ''))
    return { userId: String(userId), userInfo };
  throw new RefusedFrame('The channel_data must be JSON with a user_id');
}
