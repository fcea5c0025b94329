import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type PusherServer, PusherService } from '../../../lib/index.js';
import { PusherTestServer } from '../../../lib/testing/index.js';
import { AuthServer } from '../../support/auth/server.js';
import { ADAPTERS } from '../../support/nest/adapters.js';

type Call = (pusher: PusherService) => unknown;

const CALLS = {
  sendToUser: (pusher) => pusher.sendToUser('7', 'e', 1),
  terminate: (pusher) => pusher.terminateUserConnections('7'),
  signIn: (pusher) => pusher.authenticateUser('1.1', { id: '7' }),
  watchlist: (pusher) => pusher.authenticateUser('1.1', { id: '7', watchlist: ['8'] }),
  signedIn: (pusher) => pusher.authorizeChannel('1.1', 'presence-a', 'signed-in'),
  presenceCache: (pusher) => pusher.authorizeChannel('1.1', 'presence-cache-a', { userId: '7' }),
  triggerInfo: (pusher) => pusher.trigger('presence-a', 'e', 1, { info: ['userCount'] }),
  batchInfo: (pusher) =>
    pusher.triggerBatch([{ channel: 'presence-a', event: 'e', data: 1, info: ['userCount'] }]),
  userCounts: (pusher) => pusher.channels({ prefix: 'presence-', info: ['userCount'] }),
  cache: (pusher) => pusher.channel('cache-a', { info: ['cache'] }),
} satisfies Record<string, Call>;

/** The calls that each server cannot do, and the start of the warning. */
const WARNINGS: Readonly<Record<PusherServer, Partial<Record<keyof typeof CALLS, string>>>> = {
  pusher: {},
  soketi: {
    watchlist: 'A watchlist has no effect on this server.',
    signedIn: "'signed-in' members cannot join presence channels of this server.",
    triggerInfo: 'A trigger with `info` returns no attributes on this server.',
    batchInfo: 'A trigger with `info` returns no attributes on this server.',
    userCounts: 'channels() returns no userCount on this server.',
    cache: 'channel() returns no `cache` on this server.',
  },
  reverb: {
    sendToUser: 'sendToUser reaches nobody on this server: clients cannot sign in there.',
    terminate: 'terminateUserConnections closes the connections of presence members',
    signIn: 'Authenticating a user has no effect on this server: clients cannot sign in there.',
    watchlist: 'Authenticating a user has no effect on this server: clients cannot sign in there.',
    signedIn: "'signed-in' has no effect on this server: clients cannot sign in there.",
  },
  sockudo: {
    watchlist: 'pusher-js ignores the watchlist events of this server',
    signedIn: "'signed-in' members cannot join presence channels of this server.",
    presenceCache: 'pusher-js cannot subscribe to presence-cache- channels of this server.',
  },
};

const CASES = (Object.keys(WARNINGS) as PusherServer[]).flatMap((server) =>
  (Object.keys(CALLS) as (keyof typeof CALLS)[]).map(
    (call) => [server, call, WARNINGS[server][call]] as const,
  ),
);

describe('a service that is used on a server', () => {
  const [[, adapter]] = ADAPTERS;
  let server: PusherTestServer;

  beforeEach(async () => {
    server = await PusherTestServer.start();
  });
  afterEach(() => server.stop());

  const start = (preset: PusherServer) =>
    AuthServer.start({ adapter, apps: [{ ...server.options, server: preset }] });

  it.each(CASES)(
    '%s for %s warns once, of what it cannot do: %s',
    async (preset, call, warning) => {
      await using app = await start(preset);
      const pusher = app.app.get<PusherService>(PusherService);
      await CALLS[call](pusher);
      await CALLS[call](pusher);
      const warnings = app.log.filter((line) => line.startsWith('warn'));
      expect(warnings).toHaveLength(warning === undefined ? 0 : 1);
      for (const line of warnings) {
        expect(line).toContain(`warn: ${warning}`);
        expect(line).toMatch(new RegExp(`[.] \\(server: '${preset}'\\)$`));
      }
    },
  );

  it('warns of each thing by itself', async () => {
    await using app = await start('reverb');
    const pusher = app.app.get<PusherService>(PusherService);
    await pusher.sendToUser('7', 'e', 1);
    await pusher.terminateUserConnections('7');
    expect(app.log.filter((line) => line.startsWith('warn'))).toHaveLength(2);
  });
});
