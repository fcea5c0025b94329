import type { MethodDiscovery } from '../../discovery/method-discovery.js';
import { PatternFault } from '../../protocol/channel-pattern.js';
import { AUTH_ENDPOINT, type AuthEndpointMark } from './auth-endpoint.decorator.js';
import { CHANNEL_RULE, type ChannelRuleMark } from './authorize-channel.decorator.js';
import { USER_RULE, type UserRuleMark } from './authenticate-user.decorator.js';
import { channelRuleOf, type ChannelRule, userRuleOf } from './rule.js';
import type { AuthSetup } from './check-rules.js';

/** Walks the application once. `unreadable` says what is wrong with patterns that are none. */
export function findRules(
  methods: MethodDiscovery,
): Omit<AuthSetup, 'apps'> & { readonly unreadable: readonly string[] } {
  const channels: ChannelRule[] = [];
  const unreadable: string[] = [];
  for (const method of methods.markedWith<ChannelRuleMark>(CHANNEL_RULE))
    try {
      channels.push(channelRuleOf(method));
    } catch (error) {
      if (!(error instanceof PatternFault)) throw error;
      const { className, methodName, mark } = method;
      unreadable.push(
        `@AuthorizeChannel('${mark.pattern}') of ${className}.${methodName} is not a valid pattern: it ${error.message}.`,
      );
    }
  return {
    channels,
    unreadable,
    users: methods.markedWith<UserRuleMark>(USER_RULE).map(userRuleOf),
    endpoints: methods.markedWith<AuthEndpointMark>(AUTH_ENDPOINT).map(({ mark }) => mark.app),
  };
}
