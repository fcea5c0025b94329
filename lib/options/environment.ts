import type { PusherModuleOptions } from './pusher-module-options.js';
import { given } from './with-defaults.js';

/** Environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The options that identify the app; without any of them, the environment is read. */
const IDENTITY = ['url', 'appId', 'key', 'secret'] as const;

/** Adds the options that the environment sets, unless the written ones identify the app. */
export function withEnvironment(
  options: PusherModuleOptions,
  environment: Environment,
): PusherModuleOptions {
  if (IDENTITY.some((name) => options[name] !== undefined)) return options;
  return { ...readEnvironment(environment), ...options };
}

function readEnvironment(environment: Environment): PusherModuleOptions {
  // `FOO=` in a compose file sets an empty variable, which does not mean an empty key.
  const read = (...names: string[]): string | undefined =>
    names.map((name) => environment[name]).find((value) => value !== undefined && value !== '');
  const masterKey = read('PUSHER_ENCRYPTION_MASTER_KEY');
  const encryption = masterKey === undefined ? {} : { encryptionMasterKeyBase64: masterKey };
  const url = read('PUSHER_URL');
  if (url !== undefined) return { url, ...encryption };
  return given({
    appId: read('PUSHER_APP_ID'),
    key: read('PUSHER_APP_KEY', 'PUSHER_KEY'),
    secret: read('PUSHER_APP_SECRET', 'PUSHER_SECRET'),
    cluster: read('PUSHER_APP_CLUSTER', 'PUSHER_CLUSTER'),
    host: read('PUSHER_HOST'),
    port: portOf(read('PUSHER_PORT')),
    pathPrefix: read('PUSHER_PATH_PREFIX'),
    useTLS: isTls(read('PUSHER_SCHEME')),
    ...encryption,
  });
}

/** `NaN` for anything that is not a number; the rule of `port` reports it. */
function portOf(port: string | undefined): number | undefined {
  return port === undefined ? undefined : Number(port);
}

function isTls(scheme: string | undefined): boolean | undefined {
  return scheme === undefined ? undefined : scheme.toLowerCase() !== 'http';
}
