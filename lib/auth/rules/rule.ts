import type { DiscoveredMethod } from '../../discovery/method-discovery.js';
import { ChannelPattern } from '../../protocol/channel-pattern.js';
import type { UserRuleMark } from './authenticate-user.decorator.js';
import type { ChannelRuleMark } from './authorize-channel.decorator.js';

/** A method that decides, for one app or for all of them. */
export interface Rule {
  /** `Class.method`, as the application has it. */
  readonly name: string;
  /** Name of the one app, `undefined` for all. */
  readonly app?: string;
  readonly method: Pick<DiscoveredMethod<unknown>, 'className' | 'methodName' | 'call'>;
}

/** The rule for the channels of one pattern. */
export interface ChannelRule extends Rule {
  readonly pattern: ChannelPattern;
  readonly onlyBoolean: boolean;
}

/** All rules of an application. */
export interface RuleSet {
  /** The methods with `@AuthorizeChannel`. */
  readonly channels: readonly ChannelRule[];
  /** The methods with `@AuthenticateUser`. */
  readonly users: readonly Rule[];
}

/** @throws PatternFault when the pattern is not valid */
export function channelRuleOf(method: DiscoveredMethod<ChannelRuleMark>): ChannelRule {
  const { pattern, onlyBoolean } = method.mark;
  return { ...userRuleOf(method), pattern: new ChannelPattern(pattern), onlyBoolean };
}

export function userRuleOf(method: DiscoveredMethod<UserRuleMark>): Rule {
  const { app } = method.mark;
  const name = `${method.className}.${method.methodName}`;
  return app === undefined ? { name, method } : { name, app, method };
}

/** Whether the rule decides for the app. */
export function appliesTo(rule: Rule, app: string): boolean {
  return rule.app === undefined || rule.app === app;
}

/** The rule as messages name it. */
export function labelOf(rule: Rule | ChannelRule): string {
  return 'pattern' in rule
    ? `@AuthorizeChannel('${rule.pattern.text}') of ${rule.name}`
    : `@AuthenticateUser of ${rule.name}`;
}
