import type { PusherModuleOptions } from '../pusher-module-options.js';

const PARTS_OF_URL = [
  'appId',
  'key',
  'secret',
  'cluster',
  'host',
  'port',
  'pathPrefix',
  'useTLS',
] as const;

const FROM_ENVIRONMENT =
  'set PUSHER_URL, or PUSHER_APP_ID, PUSHER_APP_KEY and PUSHER_APP_SECRET, or pass them to PusherModule.forRoot()';

/** What is wrong between the options: parts that are missing, and parts that contradict each other. */
export function completeProblems(options: PusherModuleOptions): string[] {
  return options.url === undefined ? missing(options) : contradicting(options);
}

function missing(options: PusherModuleOptions): string[] {
  const absent = (['appId', 'key', 'secret'] as const).filter(
    (name) => options[name] === undefined,
  );
  if (absent.length === 3) return [`The app is not known: ${FROM_ENVIRONMENT}.`];
  return absent.map(
    (name) => `\`${name}\` is missing. It is on the "App Keys" page of the app, beside the others.`,
  );
}

function contradicting(options: PusherModuleOptions): string[] {
  if (typeof options.url !== 'string') return ['`url` must be a text.'];
  return PARTS_OF_URL.filter((name) => options[name] !== undefined).map(
    (name) => `\`${name}\` and \`url\` say the same thing. Keep one of them.`,
  );
}
