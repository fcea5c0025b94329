import type { PusherOptions } from '../../options/pusher-options.js';
import { appliesTo, type ChannelRule, labelOf, type Rule, type RuleSet } from './rule.js';

/** A mounted auth controller. */
export interface AuthEndpointMark {
  /** Name of the app that it signs for. */
  readonly app: string;
  /** Whether it was given something that finds the user: the option `user`, or decorators, such as guards. */
  readonly findsUser: boolean;
}

/** Everything that takes part in the authorization of one application. */
export interface AuthSetup extends RuleSet {
  /** The mounted auth controllers. */
  readonly endpoints: readonly AuthEndpointMark[];
  readonly apps: readonly Pick<PusherOptions, 'name' | 'limits' | 'masterKey'>[];
}

/** What cannot work, each with its remedy. */
export function faultsOf(setup: AuthSetup): string[] {
  return [
    ...[...setup.channels, ...setup.users].flatMap((rule) => appFault(rule, setup)),
    ...setup.endpoints.flatMap(({ app }) => endpointFault(app, setup)),
    ...setup.channels.flatMap((rule) => patternFault(rule, setup)),
    ...ofPairs(setup.channels, channelClash),
    ...ofPairs(setup.users, userClash),
  ];
}

/** What works but has no effect, each with its remedy. */
export function warningsOf({ channels, users, endpoints }: AuthSetup): string[] {
  const rules = [...channels, ...users];
  const unserved = rules.filter((rule) => !endpoints.some(({ app }) => appliesTo(rule, app)));
  const idle = endpoints.filter(({ app }) => !rules.some((rule) => appliesTo(rule, app)));
  return [
    ...unserved.map(
      (rule) =>
        `${labelOf(rule)} is never called: no auth controller is mounted for ${rule.app === undefined ? 'any app' : `the app "${rule.app}"`}. Add PusherAuthController(${rule.app === undefined ? '' : `{ app: '${rule.app}' }`}) to the controllers of a module.`,
    ),
    ...idle.map(
      ({ app }) =>
        `The auth controller of the app "${app}" refuses every request: the app has no rules. Add the classes with @AuthorizeChannel to the providers of a module.`,
    ),
  ];
}

function appFault(rule: Rule, { apps }: AuthSetup): string[] {
  if (apps.some(({ name }) => appliesTo(rule, name))) return [];
  return [`${labelOf(rule)} applies to ${unknownApp(rule.app ?? 'default')}`];
}

function endpointFault(app: string, { apps }: AuthSetup): string[] {
  if (apps.some(({ name }) => name === app)) return [];
  return [`PusherAuthController is mounted for ${unknownApp(app)}`];
}

function unknownApp(app: string): string {
  return `the app "${app}", which is not registered. Register it with PusherModule.forRoot, or correct the name.`;
}

function patternFault(rule: ChannelRule, setup: AuthSetup): string[] {
  const { kind, minLength } = rule.pattern;
  const apps = setup.apps.filter(({ name }) => appliesTo(rule, name));
  if (apps.length === 0) return [];
  const limit = Math.max(...apps.map(({ limits }) => limits.maxChannelNameLength));
  if (kind === 'public')
    return [
      `${labelOf(rule)} can never match: only names that start with private- or presence- are authorized. Start the pattern with one of the two.`,
    ];
  if (minLength > limit)
    return [
      `${labelOf(rule)} can never match: the shortest matching name has ${minLength} characters, and the server accepts ${limit}. Shorten the pattern.`,
    ];
  if (kind === 'presence' && rule.onlyBoolean)
    return [
      `${labelOf(rule)} is declared to return a boolean, and a presence channel must know who joins. Return { userId, userInfo } or false.`,
    ];
  if (kind === 'private-encrypted' && apps.every(({ masterKey }) => masterKey === undefined))
    return [
      `${labelOf(rule)} cannot authorize encrypted channels: the app has no master key. Set encryptionMasterKeyBase64 (make one with: openssl rand -base64 32).`,
    ];
  return [];
}

function channelClash(one: ChannelRule, two: ChannelRule): string[] {
  const exact = [one, two].filter(({ pattern }) => pattern.parameters.length === 0);
  // One exact name and one pattern do not clash: the name wins.
  if (exact.length === 1 || !shareAnApp(one, two) || !one.pattern.overlaps(two.pattern)) return [];
  return [
    `${labelOf(one)} and ${labelOf(two)} can match the same name. ${remedy(one, two, 'Make the patterns differ outside their parameters.')}`,
  ];
}

function userClash(one: Rule, two: Rule): string[] {
  if (!shareAnApp(one, two)) return [];
  return [
    `${labelOf(one)} and ${labelOf(two)} both apply to the same app. ${remedy(one, two, "Keep one, or limit each to an app: { app: 'eu' }.")}`,
  ];
}

/** Whether both rules apply to some app. */
function shareAnApp(one: Rule, two: Rule): boolean {
  return one.app === undefined || two.app === undefined || one.app === two.app;
}

function remedy(one: Rule, two: Rule, usual: string): string {
  return one.name === two.name
    ? 'It is one method, found twice: provide its class in one module and export it from there.'
    : usual;
}

function ofPairs<T>(all: readonly T[], fault: (one: T, two: T) => string[]): string[] {
  return all.flatMap((one, at) => all.slice(at + 1).flatMap((two) => fault(one, two)));
}
