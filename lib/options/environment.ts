import type { PusherModuleOptions, PusherModuleSettings } from './pusher-module-options.js';
import { given } from './given-options.js';

/** Environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Options as they were written, completed from the environment. */
export interface OptionsWithSources {
  readonly options: PusherModuleOptions;
  /** The variable that each option comes from, for those that were not written. */
  readonly variables: ReadonlyMap<string, string>;
}

/** The options that identify the app; without any of them, the environment is read. */
const IDENTITY = ['url', 'appId', 'key', 'secret'] as const;

/** The variables of each option; the first one that is set counts. */
const VARIABLES: readonly (readonly [option: keyof PusherModuleSettings, ...names: string[]])[] = [
  ['appId', 'PUSHER_APP_ID'],
  ['key', 'PUSHER_APP_KEY', 'PUSHER_KEY'],
  ['secret', 'PUSHER_APP_SECRET', 'PUSHER_SECRET'],
  ['cluster', 'PUSHER_APP_CLUSTER', 'PUSHER_CLUSTER'],
  ['host', 'PUSHER_HOST'],
  ['port', 'PUSHER_PORT'],
  ['useTLS', 'PUSHER_SCHEME'],
  ['pathPrefix', 'PUSHER_PATH_PREFIX'],
];
const URL_VARIABLE = ['url', 'PUSHER_URL'] as const;
const MASTER_KEY_VARIABLE = ['encryptionMasterKeyBase64', 'PUSHER_ENCRYPTION_MASTER_KEY'] as const;

/** Adds the options that the environment sets, unless the written ones identify the app. */
export function withEnvironment(
  written: PusherModuleOptions,
  environment: Environment,
): OptionsWithSources {
  const known = given(written);
  if (IDENTITY.some((name) => known[name] !== undefined))
    return { options: known, variables: new Map() };
  const read: Record<string, unknown> = {};
  const variables = new Map<string, string>();
  const isByUrl = isSet(environment, 'PUSHER_URL');
  for (const [option, ...names] of [
    ...(isByUrl ? [URL_VARIABLE] : VARIABLES),
    MASTER_KEY_VARIABLE,
  ]) {
    const variable = names.find((name) => isSet(environment, name));
    if (variable === undefined || option in known) continue;
    read[option] = valueOf(option, environment[variable] ?? '');
    variables.set(option, variable);
  }
  return { options: { ...read, ...known }, variables };
}

/** `FOO=` in a compose file sets an empty variable, which does not mean an empty key. */
function isSet(environment: Environment, name: string): boolean {
  const value = environment[name];
  return value !== undefined && value !== '';
}

/** Another scheme than these two stays a string; the rule of `useTLS` reports it. */
function valueOf(option: string, value: string): string | boolean {
  const scheme = value.trim().toLowerCase();
  return option === 'useTLS' && /^https?$/.test(scheme) ? scheme === 'https' : value;
}
