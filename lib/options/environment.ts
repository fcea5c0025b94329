import { given } from './given.js';
import type { PusherModuleOptions } from './pusher-module-options.js';

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The options that say which app on which server; the environment gives them when none is written. */
const IDENTITY = ['url', 'appId', 'key', 'secret'] as const;

/** Adds what the environment says, if the options do not say which app they are for. */
export function withEnvironment(
  options: PusherModuleOptions,
  environment: Environment,
): PusherModuleOptions {
  if (IDENTITY.some((name) => options[name] !== undefined)) return options;
  return { ...readEnvironment(environment), ...options };
}

function readEnvironment(environment: Environment): PusherModuleOptions {
  // An empty variable is what `FOO=` in a compose file leaves behind: nobody meant an empty key.
  const read = (...names: string[]): string | undefined =>
    names.map((name) => environment[name]).find((value) => value !== undefined && value !== '');
  const masterKey = read('PUSHER_ENCRYPTION_MASTER_KEY');
  const sealing = masterKey === undefined ? {} : { encryptionMasterKeyBase64: masterKey };
  const url = read('PUSHER_URL');
  if (url !== undefined) return { url, ...sealing };
  return given({
    appId: read('PUSHER_APP_ID'),
    key: read('PUSHER_APP_KEY', 'PUSHER_KEY'),
    secret: read('PUSHER_APP_SECRET', 'PUSHER_SECRET'),
    cluster: read('PUSHER_APP_CLUSTER', 'PUSHER_CLUSTER'),
    host: read('PUSHER_HOST'),
    port: portOf(read('PUSHER_PORT')),
    pathPrefix: read('PUSHER_PATH_PREFIX'),
    useTLS: isTls(read('PUSHER_SCHEME')),
    ...sealing,
  });
}

/** Anything that is not a number becomes `NaN`, which the check of the options names. */
function portOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function isTls(scheme: string | undefined): boolean | undefined {
  return scheme === undefined ? undefined : scheme.toLowerCase() !== 'http';
}
