import { PusherOptionsError } from '../../errors/pusher-options.error.js';
import { markMethod } from '../../discovery/method-discovery.js';
import { decoratorOptions } from '../../options/validation/decorator-options.js';
import { argumentShape, whatWasGiven } from '../../protocol/arguments.js';
import type { PatternParams } from '../../protocol/channel-pattern.js';
import type { PresenceMember } from '../../protocol/users.js';
import type { ChannelAuthRequest } from './auth-request.js';

/** The key under which the mark is found. */
export const CHANNEL_RULE = Symbol.for('nestjs-pusher-channels:channel-rule');

/** The mark that `@AuthorizeChannel` puts on a method. */
export interface ChannelRuleMark {
  readonly pattern: string;
  readonly app?: string | undefined;
  /** The declared return type is `boolean`, as far as the compiler left a trace of it. */
  readonly onlyBoolean: boolean;
}

/** Which app a rule applies to. */
export interface RuleOptions {
  /** Name of the one app. @default all apps */
  app?: string | undefined;
}

/** What the options of a rule may have. */
export const RULE_OPTIONS = argumentShape('option', "{ app: 'eu' }", ['app'], {
  apps: 'app',
  name: 'app',
});

/** What a rule returns: on presence channels who joins, on others whether the user may subscribe. */
export type ChannelRuleResult<Pattern extends string> = string extends Pattern
  ? PresenceMember | 'signed-in' | boolean
  : Pattern extends `presence-${string}`
    ? PresenceMember | 'signed-in' | false
    : boolean;

/**
 * Can be applied only to methods that accept the parameters of the pattern and return a result for
 * its kind of channel.
 */
export type ChannelRuleDecorator<Pattern extends string> = <
  Rule extends (
    user: never,
    params: PatternParams<Pattern>,
    request: ChannelAuthRequest,
  ) => ChannelRuleResult<Pattern> | Promise<ChannelRuleResult<Pattern>>,
>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<Rule>,
) => void;

/**
 * Makes a method of any provider or controller the rule for the channels of a pattern. It is called
 * with the user, the parameters of the pattern and the request, and only when there is a user.
 *
 * ```ts
 * @AuthorizeChannel('private-orders.{orderId}')
 * canSee(user: User, { orderId }: { orderId: string }): Promise<boolean> {}
 *
 * @AuthorizeChannel('presence-rooms.{roomId}')
 * join(user: User, { roomId }: { roomId: string }): PresenceMember | false {}
 * ```
 *
 * `{name}` stands for one segment without dots, `{name...}` at the end for the rest of the name.
 * The kind is part of the pattern: a `private-` rule applies to neither `private-encrypted-` nor
 * `presence-` names. On presence channels `'signed-in'` lets a connection join as the user it has
 * signed in as.
 * @param pattern what the whole channel name must match
 */
export function AuthorizeChannel<Pattern extends string>(
  pattern: Pattern,
  options: RuleOptions = {},
): ChannelRuleDecorator<Pattern> {
  if (typeof pattern !== 'string')
    throw new PusherOptionsError(
      [
        `\`pattern\` must be a channel pattern such as 'private-orders.{orderId}'; ${whatWasGiven(pattern)}.`,
      ],
      'Invalid pattern for @AuthorizeChannel()',
    );
  const given = decoratorOptions(`@AuthorizeChannel('${pattern}')`, options, RULE_OPTIONS);
  return (target, key, descriptor) => {
    const onlyBoolean = Reflect.getMetadata('design:returntype', target, key) === Boolean;
    const mark: ChannelRuleMark = { ...given, pattern, onlyBoolean };
    markMethod(CHANNEL_RULE, mark, descriptor.value as object);
  };
}
