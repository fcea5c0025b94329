import { describe, expect, it } from '@jest/globals';
import OfficialPusher from 'pusher';
import { ManualClock, PusherTestServer } from '../../../../lib/testing/index.js';
import { App } from '../../../../lib/testing/server/app.js';
import { leave } from '../../../../lib/testing/server/channels/membership.js';
import { serverSettings } from '../../../../lib/testing/server/options.js';
import { Connection } from '../../../../lib/testing/server/websocket/connection.js';
import { dispatch } from '../../../../lib/testing/server/websocket/dispatch.js';
import { signOut } from '../../../../lib/testing/server/websocket/sign-in.js';
import { ServerState } from '../../../../lib/testing/server/state.js';
import { RawSocket } from '../../../support/testing/raw-socket.js';
import { sendSigned } from '../../../support/testing/signed-request.js';

const ROUNDS = 1000;

/** A socket that takes everything. */
const sink = { OPEN: 1, readyState: 1, send: () => undefined } as never;

describe('a server after a thousand subscriptions', () => {
  it('has no channels left that came over the network', async () => {
    const server = await PusherTestServer.start({ apps: [{ subscriptionCount: true }] });
    const { socket, socketId } = await RawSocket.connected(server);
    const official = new OfficialPusher({ ...server.options, port: String(server.port) });
    const kinds = ['news', 'private-a', 'presence-a', 'private-encrypted-a', 'cache-a'];
    for (let round = 0; round < ROUNDS; round += 1) {
      const channel = `${kinds[round % kinds.length]}-${round}`;
      const auth = official.authorizeChannel(socketId, channel, { user_id: `${round % 7}` });
      socket.send({ event: 'pusher:subscribe', data: { ...auth, channel } });
      await socket.settled();
      const { status } = await sendSigned(server, {
        path: '/events',
        body: { name: 'e', data: 'd', channel },
      });
      expect(status).toBe(200);
      expect(await socket.settled()).toMatchObject([{ event: 'e', channel }]);
      socket.send({ event: 'pusher:unsubscribe', data: { channel } });
    }
    await socket.settled();
    expect(await sendSigned(server, { path: '/channels' })).toMatchObject({
      text: '{"channels":{}}',
    });
    expect(server.connections()).toMatchObject([{ channels: [] }]);
    await server.stop();
  }, 120_000);

  it('has no users, timers or records left inside', async () => {
    const clock = new ManualClock();
    const settings = serverSettings({
      clock,
      apps: [{ subscriptionCount: true }],
      webhooks: { absenceDelayMs: 3000, batchWindowMs: 50 },
      recordLimit: 0,
      limits: { subscriptionCountsAtOnce: 0 },
    });
    const state = new ServerState(settings);
    const app = state.apps.get('1') as App;
    const official = new OfficialPusher({
      appId: '1',
      key: app.settings.key,
      secret: app.settings.secret,
      cluster: 'a',
    });
    for (let round = 0; round < ROUNDS; round += 1) {
      const socketId = `1.${round}`;
      const connection = new Connection(socketId, sink, 0, () => undefined);
      const user = { id: `${round % 5}`, watchlist: ['1', `${round}`] };
      const channels = [`presence-${round}`, `private-${round}`, `public-${round}`];
      const say = (event: string, data: object) =>
        dispatch(app, connection, JSON.stringify({ event, data }));
      say('pusher:signin', official.authenticateUser(socketId, user));
      for (const channel of channels) {
        const auth = official.authorizeChannel(socketId, channel, { user_id: user.id });
        say('pusher:subscribe', { ...auth, channel });
      }
      say('pusher:subscribe', { channel: `#server-to-user-${user.id}` });
      expect(connection.channels.size).toBe(4);
      expect(app.users.size).toBeGreaterThan(0);
      say('pusher:unsubscribe', { channel: channels[0] ?? '' });
      for (const channel of connection.channels) leave(app, connection, channel);
      signOut(app, connection);
      expect([app.channels.size, app.users.size, connection.channels.size]).toEqual([0, 0, 0]);
      if (round % 100 === 0) await clock.advance(10_000);
    }
    await clock.advance(10_000);
    expect(state.timers.size).toBe(0);
    expect(state.recorder.webhooks.all()).toEqual([]);
    state.stop();
  });
});
