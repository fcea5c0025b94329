import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { markMethod, MethodDiscovery } from '../../discovery/method-discovery.js';
import { PusherOptionsError } from '../../errors/pusher-options.error.js';
import { AppRegistry } from '../../options/app-registry.js';
import { PatternFault } from '../../protocol/channel-pattern.js';
import { LIMITS, type PusherLimits } from '../../protocol/limits.js';
import { type ChannelKind, quoted } from '../../protocol/names.js';
import type { ChannelAuthorization, UserAuthentication } from '../signing/channel-authorizer.js';
import { AppRules, AuthorizationRefusal, type UserSource } from './app-rules.js';
import type { ChannelAuthRequest, UserAuthRequest } from './auth-request.js';
import { USER_RULE, type UserRuleMark } from './authenticate-user.decorator.js';
import { CHANNEL_RULE, type ChannelRuleMark } from './authorize-channel.decorator.js';
import { type AuthEndpointMark, faultsOf } from './check-rules.js';
import { RuleReport } from './rule-report.js';
import { type ChannelRule, channelRuleOf, userRuleOf } from './rule.js';

const AUTH_ENDPOINT = Symbol.for('nestjs-pusher-channels:auth-endpoint');

/** How many characters of a channel name the log shows. */
const SHOWN_CHARACTERS = 200;

/** Marks a method of a mounted auth controller, so that the start knows which rules are served. @internal */
export function AuthEndpoint(mark: AuthEndpointMark): MethodDecorator {
  return (_target, _key, descriptor) => markMethod(AUTH_ENDPOINT, mark, descriptor.value as object);
}

/** A rule as `ChannelRules.list()` describes it. */
export interface ChannelRuleDescription {
  /** The pattern as it was written. */
  readonly pattern: string;
  /** The kind of its channels, taken from the prefix of the pattern. */
  readonly kind: ChannelKind;
  /** Name of the one app that it applies to, `undefined` for all. */
  readonly app: string | undefined;
  /** The class that has the rule. */
  readonly className: string;
  /** The method that is the rule. */
  readonly methodName: string;
}

/**
 * The rules of the application: finds and checks them at start, and has those of an app decide.
 * Whatever is not explicitly allowed is refused.
 */
@Injectable()
export class ChannelRules implements OnApplicationBootstrap {
  readonly #report = new RuleReport();
  readonly #apps = new Map<string, AppRules>();
  #channels: readonly ChannelRule[] = [];

  constructor(
    private readonly methods: MethodDiscovery,
    private readonly registry: AppRegistry,
    private readonly host: HttpAdapterHost,
  ) {}

  /**
   * Finds the rules; Nest calls it.
   * @throws PusherOptionsError which lists all rules that cannot work
   */
  onApplicationBootstrap(): void {
    const apps = this.registry.all();
    const { channels, invalid } = this.#findChannelRules();
    const setup = {
      channels,
      users: this.methods.markedWith<UserRuleMark>(USER_RULE).map(userRuleOf),
      endpoints: this.methods.markedWith<AuthEndpointMark>(AUTH_ENDPOINT).map(({ mark }) => mark),
      apps,
    };
    const faults = [...invalid, ...faultsOf(setup)];
    if (faults.length > 0) throw new PusherOptionsError(faults, 'Invalid channel rules');
    this.#channels = channels;
    for (const app of apps) this.#apps.set(app.name, new AppRules(app, setup));
    this.#report.started(setup, this.host.httpAdapter);
  }

  /** All rules for channels, in the order of their discovery. Empty until the application has started. */
  list(): ChannelRuleDescription[] {
    return this.#channels.map(({ pattern, app, method: { className, methodName } }) => ({
      pattern: pattern.text,
      kind: pattern.kind,
      app,
      className,
      methodName,
    }));
  }

  /**
   * The rules of one app, for callers that need to know why something was refused.
   * @throws AuthorizationRefusal when there is no such app, or the application has not started
   * @internal
   */
  of(app: string): AppRules {
    const rules = this.#apps.get(app);
    if (rules === undefined)
      throw new AuthorizationRefusal(`there are no rules for the app "${app}"`);
    return rules;
  }

  /** The limits of an app, those of Pusher when there is no such app. @internal */
  limitsOf(app: string): Readonly<PusherLimits> {
    return this.#apps.get(app)?.limits ?? LIMITS.pusher;
  }

  /**
   * The authorization of a client that wants to subscribe, `undefined` for a refusal. Never rejects:
   * a rule refuses when it throws, returns something that is not a valid result, or has not returned
   * before `request.signal` aborts.
   * @param user returns the user; called only when there is a rule for the channel
   */
  async authorize(
    request: ChannelAuthRequest,
    user: UserSource,
  ): Promise<ChannelAuthorization | undefined> {
    try {
      const authorization = await this.of(request.app).authorize(request, user);
      this.#report.allowed(request.app);
      return authorization;
    } catch (error) {
      this.#report.refused(quoted(request.channel, SHOWN_CHARACTERS), request.app, error);
      return undefined;
    }
  }

  /** The authentication of a client that wants to sign in; otherwise as `authorize`. */
  async authenticate(
    request: UserAuthRequest,
    user: UserSource,
  ): Promise<UserAuthentication | undefined> {
    try {
      const authentication = await this.of(request.app).authenticate(request, user);
      this.#report.allowed(request.app);
      return authentication;
    } catch (error) {
      this.#report.refused('the sign-in', request.app, error);
      return undefined;
    }
  }

  /** `invalid` says what is wrong with each pattern that cannot be read. */
  #findChannelRules(): { channels: ChannelRule[]; invalid: string[] } {
    const channels: ChannelRule[] = [];
    const invalid: string[] = [];
    for (const method of this.methods.markedWith<ChannelRuleMark>(CHANNEL_RULE))
      try {
        channels.push(channelRuleOf(method));
      } catch (error) {
        if (!(error instanceof PatternFault)) throw error;
        const { className, methodName, mark } = method;
        invalid.push(
          `@AuthorizeChannel('${mark.pattern}') of ${className}.${methodName} is not a valid pattern: it ${error.message}.`,
        );
      }
    return { channels, invalid };
  }
}
