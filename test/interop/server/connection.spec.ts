import { afterEach, describe, expect, it } from '@jest/globals';
import { PusherTestServer, type PusherTestServerOptions } from '../../../lib/testing/index.js';
import {
  PusherJs,
  ServerWithClients,
  collect,
  next,
  settled,
  serverWithClients,
} from '../../support/testing/clients.js';

interface Change {
  previous: string;
  current: string;
}

describe('the connection of pusher-js', () => {
  let setup: ServerWithClients | undefined;
  afterEach(() => setup?.end());
  const on = async (options?: PusherTestServerOptions) =>
    (setup = new ServerWithClients(await PusherTestServer.start(options)));
  const connected = async (options?: PusherTestServerOptions) => {
    const own = await on(options);
    return { server: own.server, client: await own.client() };
  };

  it('connects, with a socket id that the server knows', async () => {
    const { server, client } = await connected();
    expect(client.connection.state).toBe('connected');
    expect(server.connections()).toMatchObject([
      { socketId: client.connection.socket_id, channels: [] },
    ]);
    client.disconnect();
    await server.until(() => server.connections().length === 0, 'the connection to end');
  });

  it('receives a pong for its ping', async () => {
    const { client } = await connected({ activityTimeoutSeconds: 1 });
    const changes = collect<Change>(client.connection, 'state_change');
    expect(await next(client.connection, 'message')).toMatchObject({ event: 'pusher:pong' });
    expect(changes).toEqual([]);
  });

  it.each([
    [4000, { apps: [{ tlsOnly: true }] }],
    [4003, { apps: [{ enabled: false }] }],
    [4004, { apps: [{ maxConnections: 0 }] }],
  ])('receives the reason why it is refused: %i', async (code, options) => {
    const client = (await on(options)).connecting();
    const error = await next(client.connection, 'error');
    expect(error).toMatchObject({ type: 'WebSocketError', error: { data: { code } } });
  });

  it('receives that its key is unknown', async () => {
    const { server } = await on();
    const client = new PusherJs('nobody', server.clientOptions);
    expect(await next(client.connection, 'error')).toMatchObject({
      error: {
        data: {
          code: 4001,
          message: 'App key nobody not in this cluster. Did you forget to specify the cluster?',
        },
      },
    });
    expect(client.connection.state).toBe('disconnected');
  });

  it.each([
    [4200, ['connecting', 'connected']],
    [4100, ['connecting', 'connected']],
    ['cut', ['connecting', 'connected']],
    [4009, ['disconnected']],
  ] as const)('follows the protocol after %s', async (code, states) => {
    const { server, client } = await connected();
    const changes = collect<Change>(client.connection, 'state_change');
    const last = next(client.connection, states.at(-1) ?? '');
    await server.disconnectAll(code);
    await last;
    expect(changes.map(({ current }) => current)).toEqual(states);
  });

  it('finds the server behind a path prefix', async () => {
    const prefixed = await on({ pathPrefix: '/realtime' });
    const channel = await prefixed.subscribed(await prefixed.client(), 'news');
    expect(prefixed.server.url).toMatch(/\/realtime\/apps\/1$/);
    expect(channel.subscribed).toBe(true);
  });
});

describe('apps and servers', () => {
  const setup = serverWithClients({ apps: [{ id: 'one' }, { id: 'two' }] });

  it('do not share channels of the same name', async () => {
    const received = [];
    const clients = [];
    for (const appId of ['one', 'two']) {
      const client = await setup().client({ appId, member: { user_id: appId } });
      clients.push(client);
      received.push(collect(await setup().subscribed(client, 'presence-room'), 'event'));
    }
    await setup().official('two').trigger('presence-room', 'event', 2);
    await Promise.all(clients.map(settled));
    expect(received).toEqual([[], [2]]);
    const users = await setup().official('one').get({ path: '/channels/presence-room/users' });
    expect(await users.json()).toEqual({ users: [{ id: 'one' }] });
  });
});

describe('subscriptions that are refused', () => {
  const setup = serverWithClients();

  it.each(['private-room', 'presence-room'])(
    'to %s cause pusher:error, and leave the connection open',
    async (name) => {
      const client = await setup().client({
        options: {
          channelAuthorization: {
            endpoint: '',
            transport: 'ajax',
            customHandler: (_params, callback) =>
              callback(null, setup().official().authorizeChannel('13.37', name, { user_id: '1' })),
          },
        },
      });
      const refusal = next(client.connection, 'error');
      const channel = client.subscribe(name);
      expect(await refusal).toMatchObject({
        type: 'PusherError',
        data: {
          code: null,
          message: expect.stringMatching(/^Invalid signature: Expected HMAC SHA256 hex digest of /),
        },
      });
      await settled(client);
      expect([channel.subscribed, client.connection.state]).toEqual([false, 'connected']);
    },
  );
});
