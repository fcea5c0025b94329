import type { ChannelKind } from '../../protocol/names.js';
import type { PresenceMember, UserData } from '../../protocol/users.js';
import { hasFields } from '../../protocol/wire.js';

/** A rule answered what its kind of channel does not know; the text speaks of it as "it". */
export class RuleFault extends Error {}

/** What a rule decided. */
export interface Decision {
  readonly allowed: boolean;
  /** Who joins, on presence channels. */
  readonly member?: PresenceMember | 'signed-in';
}

/** @throws RuleFault when the answer is none: what is not plainly an answer never allows */
export function decisionOf(kind: ChannelKind, answer: unknown): Decision {
  if (answer === false) return { allowed: false };
  if (kind !== 'presence') {
    if (answer === true) return { allowed: true };
    throw new RuleFault(`it returned ${describe(answer)} where true or false is the answer`);
  }
  if (answer === 'signed-in') return { allowed: true, member: answer };
  if (hasFields(answer)) return { allowed: true, member: answer as PresenceMember };
  throw new RuleFault(
    `it returned ${describe(answer)} where { userId, userInfo }, 'signed-in' or false is the answer`,
  );
}

/** The user who signs in, `undefined` for a refusal. @throws RuleFault when the answer is neither */
export function userDataOf(answer: unknown): UserData | undefined {
  if (answer === null || answer === false) return undefined;
  if (hasFields(answer)) return answer as UserData;
  throw new RuleFault(
    `it returned ${describe(answer)} where { id, userInfo } or null is the answer`,
  );
}

/** The sort of the value and never the value: it may be anything that the application holds. */
function describe(answer: unknown): string {
  if (answer === null || answer === undefined || answer === true) return String(answer);
  return Array.isArray(answer) ? 'a list' : `a value of type ${typeof answer}`;
}
