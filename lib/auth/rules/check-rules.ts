import type { PusherOptions } from '../../options/pusher-options.js';
import { answersFor, type ChannelRule, meetInAnApp, type Rule } from './rule.js';

/** Everything that takes part in the authorization of one application. */
export interface AuthSetup {
  readonly channels: readonly ChannelRule[];
  readonly users: readonly Rule[];
  /** Name of the app of each mounted auth controller. */
  readonly endpoints: readonly string[];
  readonly apps: readonly Pick<PusherOptions, 'name' | 'limits' | 'masterKey'>[];
}

/** What cannot work, one sentence with its remedy for each. */
export function faultsOf(setup: AuthSetup): string[] {
  return [
    ...[...setup.channels, ...setup.users].flatMap((rule) => appFault(rule, setup)),
    ...setup.endpoints.flatMap((app) => endpointFault(app, setup)),
    ...setup.channels.flatMap((rule) => patternFault(rule, setup)),
    ...ofPairs(setup.channels, channelClash),
    ...ofPairs(setup.users, userClash),
  ];
}

/** What works and is of no use, one sentence with its remedy for each. */
export function warningsOf({ channels, users, endpoints }: AuthSetup): string[] {
  const unserved = [...channels, ...users].filter(
    (rule) => !endpoints.some((app) => answersFor(rule, app)),
  );
  const idle = endpoints.filter(
    (app) => ![...channels, ...users].some((rule) => answersFor(rule, app)),
  );
  return [
    ...unserved.map(
      (rule) =>
        `${labelOf(rule)} is never asked: no auth controller is mounted for ${rule.app === undefined ? 'any app' : `the app "${rule.app}"`}. Add PusherAuthController(${rule.app === undefined ? '' : `{ app: '${rule.app}' }`}) to the controllers of a module.`,
    ),
    ...idle.map(
      (app) =>
        `The auth controller of the app "${app}" refuses everything: there is no rule for it. Are the classes with @AuthorizeChannel among the providers of a module?`,
    ),
  ];
}

/** The rule as messages name it. */
export function labelOf(rule: Rule | ChannelRule): string {
  return 'pattern' in rule
    ? `@AuthorizeChannel('${rule.pattern.text}') of ${rule.name}`
    : `@AuthenticateUser of ${rule.name}`;
}

function appFault(rule: Rule, { apps }: AuthSetup): string[] {
  if (apps.some(({ name }) => answersFor(rule, name))) return [];
  return [`${labelOf(rule)} answers for ${unknownApp(rule.app ?? 'default')}`];
}

function endpointFault(app: string, { apps }: AuthSetup): string[] {
  if (apps.some(({ name }) => name === app)) return [];
  return [`PusherAuthController is mounted for ${unknownApp(app)}`];
}

function unknownApp(app: string): string {
  return `the app "${app}", and no app is named so. Register it with PusherModule.forRoot, or correct the name.`;
}

function patternFault(rule: ChannelRule, setup: AuthSetup): string[] {
  const { kind, minLength } = rule.pattern;
  const apps = setup.apps.filter(({ name }) => answersFor(rule, name));
  if (apps.length === 0) return [];
  const limit = Math.max(...apps.map(({ limits }) => limits.maxChannelNameLength));
  if (kind === 'public')
    return [
      `${labelOf(rule)} can never match: only names that start with private- or presence- are authorized. Give the pattern such a start.`,
    ];
  if (minLength > limit)
    return [
      `${labelOf(rule)} can never match: the shortest name has ${minLength} characters, and the server takes ${limit}. Shorten it.`,
    ];
  if (kind === 'presence' && rule.onlyBoolean)
    return [
      `${labelOf(rule)} is declared to return a boolean, and a presence channel must know who joins. Return { userId, userInfo } or false.`,
    ];
  if (kind === 'private-encrypted' && apps.every(({ masterKey }) => masterKey === undefined))
    return [
      `${labelOf(rule)} cannot give the key of its channels: the app has no master key. Set encryptionMasterKeyBase64 (make one with: openssl rand -base64 32).`,
    ];
  return [];
}

function channelClash(one: ChannelRule, two: ChannelRule): string[] {
  const exact = [one, two].filter(({ pattern }) => pattern.parameters.length === 0);
  // One name against a pattern is no clash: the name wins.
  if (exact.length === 1 || !meetInAnApp(one, two) || !one.pattern.overlaps(two.pattern)) return [];
  return [
    `${labelOf(one)} and ${labelOf(two)} can match the same name. ${remedy(one, two, 'Make the patterns differ in a part that is no parameter.')}`,
  ];
}

function userClash(one: Rule, two: Rule): string[] {
  if (!meetInAnApp(one, two)) return [];
  return [
    `${labelOf(one)} and ${labelOf(two)} both answer for one app. ${remedy(one, two, "Keep one, or give each its app: { app: 'eu' }.")}`,
  ];
}

function remedy(one: Rule, two: Rule, usual: string): string {
  return one.name === two.name
    ? 'It is one method, found twice: provide its class in one module and export it from there.'
    : usual;
}

function ofPairs<T>(all: readonly T[], fault: (one: T, two: T) => string[]): string[] {
  return all.flatMap((one, at) => all.slice(at + 1).flatMap((two) => fault(one, two)));
}
