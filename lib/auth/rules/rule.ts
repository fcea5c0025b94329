import type { DiscoveredMethod } from '../../discovery/method-discovery.js';
import { ChannelPattern } from '../../protocol/channel-pattern.js';
import type { ChannelRuleMark } from './authorize-channel.decorator.js';
import type { UserRuleMark } from './authenticate-user.decorator.js';

/** A method that answers for one app or for all. */
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

/** @throws PatternFault when the pattern is none */
export function channelRuleOf(method: DiscoveredMethod<ChannelRuleMark>): ChannelRule {
  const { pattern, onlyBoolean } = method.mark;
  return { ...userRuleOf(method), pattern: new ChannelPattern(pattern), onlyBoolean };
}

export function userRuleOf(method: DiscoveredMethod<UserRuleMark>): Rule {
  const { app } = method.mark;
  const name = `${method.className}.${method.methodName}`;
  return app === undefined ? { name, method } : { name, app, method };
}

/** Whether the rule answers for the app. */
export function answersFor(rule: Rule, app: string): boolean {
  return rule.app === undefined || rule.app === app;
}

/** Whether some app has both rules. */
export function meetInAnApp(one: Rule, two: Rule): boolean {
  return one.app === undefined || two.app === undefined || one.app === two.app;
}
