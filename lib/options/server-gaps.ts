import { LineLogger } from '../errors/line-logger.js';
import type { PusherServer, ServerRules } from '../protocol/limits.js';

/** What the library offers and some servers cannot do. */
export type ServerFeature =
  | 'sendToUser'
  | 'terminateUserConnections'
  | 'sign-in'
  | 'watchlists'
  | 'signed-in members'
  | 'presence cache channels'
  | 'info of triggers'
  | 'userCount of channels'
  | 'cached events';

const NO_SIGN_IN = 'clients cannot sign in there';

/** For each server what it cannot do: what happens instead, and what to do. docs/servers.md has the sources. */
const GAPS: Readonly<Record<PusherServer, Partial<Record<ServerFeature, string>>>> = {
  pusher: {},
  soketi: {
    watchlists:
      'A watchlist has no effect on this server. Use a presence channel to see who is online.',
    'signed-in members':
      "'signed-in' members cannot join presence channels of this server. Return { userId, userInfo } instead.",
    'info of triggers':
      'A trigger with `info` returns no attributes on this server. Request them with channel() instead.',
    'userCount of channels':
      'channels() returns no userCount on this server. Request it with channel() instead.',
    'cached events':
      'channel() returns no `cache` on this server. New subscribers of the channel still receive its last event.',
  },
  reverb: {
    sendToUser: `sendToUser reaches nobody on this server: ${NO_SIGN_IN}. Publish on a private channel of the user instead, such as private-users.7.`,
    terminateUserConnections: `terminateUserConnections closes the connections of presence members on this server: ${NO_SIGN_IN}.`,
    'sign-in': `Authenticating a user has no effect on this server: ${NO_SIGN_IN}. Use private and presence channels instead.`,
    'signed-in members': `'signed-in' has no effect on this server: ${NO_SIGN_IN}. Return { userId, userInfo } instead.`,
  },
  sockudo: {
    watchlists:
      'pusher-js ignores the watchlist events of this server, which have other names. Use a presence channel to see who is online.',
    'signed-in members':
      "'signed-in' members cannot join presence channels of this server. Return { userId, userInfo } instead.",
    'presence cache channels':
      'pusher-js cannot subscribe to presence-cache- channels of this server. Use a presence channel and a cache channel.',
  },
};

/** The app that is used; its object identifies it. */
type App = Pick<ServerRules, 'server'> & { readonly name?: string };

const warned = new WeakMap<App, Set<ServerFeature>>();

/** Logs a warning when the server of the app cannot do it: once for each app and feature. */
export function warnOfGap(app: App, feature: ServerFeature): void {
  const gap = GAPS[app.server][feature];
  if (gap === undefined) return;
  const features = warned.get(app) ?? new Set();
  if (features.has(feature)) return;
  warned.set(app, features.add(feature));
  new LineLogger(`Pusher:${app.name ?? 'default'}`).warn(`${gap} (server: '${app.server}')`);
}
