import { markMethod } from '../../discovery/method-discovery.js';
import { decoratorOptions } from '../../options/validation/decorator-options.js';
import type { UserData } from '../../protocol/users.js';
import type { UserAuthRequest } from './auth-request.js';
import { RULE_OPTIONS, type RuleOptions } from './authorize-channel.decorator.js';

/** The key under which the mark is found. */
export const USER_RULE = Symbol.for('nestjs-pusher-channels:user-rule');

/** The mark that `@AuthenticateUser` puts on a method. */
export type UserRuleMark = Readonly<RuleOptions>;

/** Can be applied only to methods that return the data of a user, or `null`. */
export type UserRuleDecorator = <
  Rule extends (
    user: never,
    request: UserAuthRequest,
  ) => UserData | null | Promise<UserData | null>,
>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<Rule>,
) => void;

/**
 * Makes a method of any provider or controller the rule for `pusher.signin()`. It returns the data of
 * the user for Pusher, with a watchlist of other users if needed, or `null` to refuse.
 *
 * ```ts
 * @AuthenticateUser()
 * whoIs(user: User): UserData | null {
 *   return { id: user.id, userInfo: { name: user.name }, watchlist: user.friendIds };
 * }
 * ```
 */
export function AuthenticateUser(options: RuleOptions = {}): UserRuleDecorator {
  const given = decoratorOptions('@AuthenticateUser()', options, RULE_OPTIONS);
  return (_target, _key, descriptor) => markMethod(USER_RULE, given, descriptor.value as object);
}
