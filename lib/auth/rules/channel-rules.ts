import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { MethodDiscovery } from '../../discovery/method-discovery.js';
import { PusherOptionsError } from '../../errors/pusher-options.error.js';
import { safeCause } from '../../errors/safe-cause.js';
import { AppRegistry } from '../../options/app-registry.js';
import type { ChannelKind } from '../../protocol/names.js';
import { quoted } from '../../protocol/checks.js';
import { AppRules, type UserSource } from './app-rules.js';
import { missingFormParser } from '../endpoint/body-parsers.js';
import type { ChannelAuthRequest, UserAuthRequest } from './auth-request.js';
import type { ChannelAuthorization, UserAuthentication } from '../signing/channel-authorizer.js';
import type { ChannelRule, Rule } from './rule.js';
import { findRules } from './find-rules.js';
import { Refusal } from './refusal.js';
import { faultsOf, labelOf, warningsOf } from './check-rules.js';

/** A rule, as `ChannelRules.list()` tells of it. */
export interface ChannelRuleDescription {
  /** The pattern as it was written. */
  readonly pattern: string;
  /** The kind of its channels, told by the prefix of the pattern. */
  readonly kind: ChannelKind;
  /** Name of the one app it answers for, `undefined` for all. */
  readonly app: string | undefined;
  /** The class that has the rule. */
  readonly className: string;
  /** The method that is the rule. */
  readonly methodName: string;
}

/** Knows the rules of the application and decides with them. What is not plainly allowed is refused. */
@Injectable()
export class ChannelRules implements OnApplicationBootstrap {
  readonly #log = new Logger('PusherChannelRules');
  readonly #apps = new Map<string, AppRules>();
  #rules: readonly ChannelRule[] = [];

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
    const { unreadable, ...found } = findRules(this.methods);
    const setup = { ...found, apps };
    const faults = [...unreadable, ...faultsOf(setup)];
    if (faults.length > 0) throw new PusherOptionsError(faults, 'Invalid channel rules');
    this.#rules = setup.channels;
    for (const app of apps) this.#apps.set(app.name, new AppRules(app, setup));
    for (const rule of [...setup.channels, ...setup.users]) this.#log.debug(listed(rule));
    // A worker or a script has nothing to mount endpoints on.
    if (!this.host.httpAdapter) return;
    for (const warning of warningsOf(setup)) this.#log.warn(warning);
    const advice = setup.endpoints.length > 0 && missingFormParser(this.host.httpAdapter);
    if (advice) this.#log.error(advice);
  }

  /** All rules for channels, in the order of their discovery. Empty until the application has started. */
  list(): ChannelRuleDescription[] {
    return this.#rules.map(({ pattern, app, method: { className, methodName } }) => ({
      pattern: pattern.text,
      kind: pattern.kind,
      app,
      className,
      methodName,
    }));
  }

  /**
   * The rules of one app, for who wants to know why something was refused.
   * @throws Refusal when there is no such app, or the application has not started
   * @internal
   */
  of(app: string): AppRules {
    const rules = this.#apps.get(app);
    if (rules === undefined) throw new Refusal(`there are no rules for the app "${app}"`);
    return rules;
  }

  /**
   * The answer for a client that wants to subscribe, `undefined` for a refusal. Never rejects: a rule
   * that throws, answers nonsense or does not answer before `request.signal` aborts has refused.
   * @param user gives the user; called only when there is a rule for the channel
   */
  async authorize(
    request: ChannelAuthRequest,
    user: UserSource,
  ): Promise<ChannelAuthorization | undefined> {
    return await this.#decide(request, quoted(request.channel, 200), (app) =>
      app.authorize(request, user),
    );
  }

  /** The answer for a client that wants to sign in; otherwise as `authorize`. */
  async authenticate(
    request: UserAuthRequest,
    user: UserSource,
  ): Promise<UserAuthentication | undefined> {
    return await this.#decide(request, 'the sign-in', (app) => app.authenticate(request, user));
  }

  async #decide<Answer>(
    request: UserAuthRequest,
    subject: string,
    decide: (app: AppRules) => Promise<Answer>,
  ): Promise<Answer | undefined> {
    try {
      return await decide(this.of(request.app));
    } catch (error) {
      this.#tell(subject, Refusal.by('the decision', error));
      return undefined;
    }
  }

  /** A plain refusal is for those who look for it; a fault of the application is for everybody. */
  #tell(subject: string, { message, cause }: Refusal): void {
    if (cause === undefined) {
      this.#log.debug(`Refused ${subject}: ${message}.`);
      return;
    }
    const { message: why, stack } = safeCause(cause);
    this.#log.error(`Refused ${subject}: ${message}: ${why}`, stack);
  }
}

function listed(rule: Rule | ChannelRule): string {
  return rule.app === undefined ? labelOf(rule) : `${labelOf(rule)}, for the app "${rule.app}"`;
}
