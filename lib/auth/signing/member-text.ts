import { PusherValidationError } from '../../errors/pusher-validation.error.js';
import type { PusherOptions } from '../../options/pusher-options.js';
import { checkLength } from '../../protocol/checks.js';
import { memberToWire, type PresenceMember } from '../../protocol/users.js';
import { checkSize, jsonText } from './json-text.js';

/**
 * The `channel_data` of a presence member, checked.
 * @throws PusherValidationError that names the part at fault
 */
export function memberText(
  member: PresenceMember,
  { limits, server }: Pick<PusherOptions, 'limits' | 'server'>,
): string {
  const userId: unknown = (member as PresenceMember | null)?.userId;
  if (!isMemberId(userId))
    throw new PusherValidationError(
      'member.userId',
      '`member.userId` must be a text that is not empty. Give the id of the user who joins.',
    );
  checkLength(String(userId), 'member.userId', 'maxUserIdLength', limits);
  const text = jsonText(memberToWire(userId, infoOf(member, server)), 'member');
  checkSize('member', Buffer.byteLength(text), limits.maxUserDataBytes);
  return text;
}

/** The type asks for a text; a number from untyped code is what the documentation's own example has. */
function isMemberId(id: unknown): id is string | number {
  return typeof id === 'string' ? id !== '' : typeof id === 'number' && Number.isFinite(id);
}

/** On soketi a member without information leaves `members.me` of pusher-js null. */
function infoOf({ userInfo }: PresenceMember, server: PusherOptions['server']): unknown {
  return server === 'soketi' && userInfo === undefined ? {} : userInfo;
}
