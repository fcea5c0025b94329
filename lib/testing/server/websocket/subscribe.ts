import { USER_CHANNEL_PREFIX, channelKind, hasChannelCharacters } from '../../../protocol/names.js';
import { fieldsOf } from '../../../protocol/wire.js';
import type { App } from '../app.js';
import type { Member } from '../channels/channel.js';
import { join, leave } from '../channels/membership.js';
import { checkAuth } from './authorization.js';
import type { Connection } from './connection.js';
import { memberFor } from './presence-member.js';
import { RefusedFrame } from './refused-frame.js';

/** `pusher:subscribe` */
export function subscribe(app: App, connection: Connection, data: unknown): void {
  const { channel, auth, channel_data: channelData } = fieldsOf(data);
  if (typeof channel !== 'string') throw new RefusedFrame('Expected channel to be a string');
  checkName(app, connection, channel);
  if (connection.channels.has(channel))
    throw new RefusedFrame(`Existing subscription to channel ${channel}`);
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

/** `pusher:unsubscribe`, which has no answer. */
export function unsubscribe(app: App, connection: Connection, data: unknown): void {
  const { channel } = fieldsOf(data);
  if (typeof channel === 'string') leave(app, connection, channel);
}

function checkName(app: App, connection: Connection, channel: string): void {
  if (channel.startsWith('#')) {
    // Nobody but the user may listen to what is sent to the user.
    if (connection.user && channel === USER_CHANNEL_PREFIX + connection.user.id) return;
    throw new RefusedFrame(`Not signed in as the user of channel ${channel}`);
  }
  const { maxChannelNameLength } = app.server.settings.limits;
  if (!hasChannelCharacters(channel) || channel.length > maxChannelNameLength)
    throw new RefusedFrame(`Invalid channel name: '${channel}'`);
}
