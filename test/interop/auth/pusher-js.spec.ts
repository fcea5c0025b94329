import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Injectable, UseGuards } from '@nestjs/common';
import type { Members, Options, PresenceChannel } from 'pusher-js';
import { AuthenticateUser } from '../../../lib/auth/rules/authenticate-user.decorator.js';
import { AuthorizeChannel } from '../../../lib/auth/rules/authorize-channel.decorator.js';
import type { ChannelAuthRequest } from '../../../lib/auth/rules/auth-request.js';
import { PusherAuthController } from '../../../lib/auth/endpoint/pusher-auth.controller.js';
import type { PresenceMember, UserData } from '../../../lib/protocol/users.js';
import { PusherService } from '../../../lib/pusher.service.js';
import { PusherTestServer } from '../../../lib/testing/index.js';
import { AuthServer, HeaderUser, type TestUser } from '../../support/auth/server.js';
import { ADAPTERS } from '../../support/nest/adapters.js';
import { next, type PusherClient, PusherJs } from '../../support/testing/clients.js';

@Injectable()
class Rules {
  @AuthorizeChannel('private-{name}')
  see(_user: TestUser, { name }: { name: string }, { params }: ChannelAuthRequest): boolean {
    return params['tenant'] === 'north' && name !== 'closed';
  }

  @AuthorizeChannel('private-encrypted-{name}')
  read(_user: TestUser, { name }: { name: string }): boolean {
    return name !== 'closed';
  }

  @AuthorizeChannel('presence-{name}')
  join({ id }: TestUser, { name }: { name: string }): PresenceMember | false {
    return name === 'closed' ? false : { userId: id, userInfo: { name: id.toUpperCase() } };
  }

  @AuthorizeChannel('presence-lounge')
  lounge(): 'signed-in' {
    return 'signed-in';
  }

  @AuthenticateUser()
  whoIs({ id }: TestUser): UserData | null {
    return id === 'banned' ? null : { id, userInfo: { name: id }, watchlist: ['ada', 'bob'] };
  }
}

describe.each(ADAPTERS)(
  'clients of pusher-js with the options of pusher.clientOptions(), on %s,',
  (_name, adapter) => {
    it.each([
      ['a plain server', {}],
      ['a server below a path', { pathPrefix: '/realtime' }],
    ])('reach %s, subscribe and sign in', async (_what, options) => {
      const pusher = await PusherTestServer.start(options);
      const { key: _key, ...connection } = pusher.options;
      const server = await AuthServer.start({
        adapter,
        apps: [{ ...connection, key: pusher.key }],
        providers: [Rules],
        controllers: [PusherAuthController({ user: () => ({ id: 'ada' }) })],
        setup: (app) => app.setGlobalPrefix('api'),
      });
      const request = { origin: server.url, authPath: '/api/pusher' };
      const { key, ...clientOptions } = server.app.get(PusherService).clientOptions(request);
      const client = new PusherJs(key, clientOptions);
      try {
        await next(client.connection, 'connected');
        await next(client.subscribe('presence-room'), 'pusher:subscription_succeeded');
        await next(client.subscribe('private-encrypted-orders'), 'pusher:subscription_succeeded');
        client.signin();
        // Signed in, and subscribed to the events for the user, which pusher-js does after that.
        await pusher.waitForSubscription('#server-to-user-ada');
        const arrived = next(client.user, 'news');
        await server.app.get(PusherService).sendToUser('ada', 'news', { id: 7 });
        expect(await arrived).toEqual({ id: 7 });
      } finally {
        client.disconnect();
        await server.app.close();
        await pusher.stop();
      }
    });
  },
);

describe.each(ADAPTERS)(
  'clients of pusher-js, with the auth controller on %s,',
  (_name, adapter) => {
    let pusher: PusherTestServer;
    let server: AuthServer;
    const clients: PusherClient[] = [];

    beforeEach(async () => {
      pusher = await PusherTestServer.start();
      server = await AuthServer.start({
        adapter,
        apps: [pusher.options],
        providers: [Rules],
        controllers: [PusherAuthController({ decorators: [UseGuards(HeaderUser)] })],
      });
    });
    afterEach(async () => {
      for (const client of clients.splice(0)) client.disconnect();
      await server.app.close();
      await pusher.stop();
    });

    const connect = async (user: string, options: Partial<Options> = {}): Promise<PusherClient> => {
      const headers = { 'x-user': user };
      const client = new PusherJs(pusher.key, {
        ...pusher.clientOptions,
        channelAuthorization: {
          transport: 'ajax',
          endpoint: `${server.url}/pusher/auth`,
          headers,
          params: { tenant: 'north' },
        },
        userAuthentication: {
          transport: 'ajax',
          endpoint: `${server.url}/pusher/user-auth`,
          headers,
        },
        ...options,
      });
      clients.push(client);
      await next(client.connection, 'connected');
      return client;
    };

    it.each([
      'private-orders',
      'private-cache-orders',
      'private-encrypted-orders',
      'private-encrypted-cache-orders',
      'presence-room',
      'presence-cache-room',
    ])('subscribe to %s and receive on it', async (name) => {
      const client = await connect('ada');
      const channel = client.subscribe(name);
      await next(channel, 'pusher:subscription_succeeded');
      const arrived = next(channel, 'news');
      await server.app.get(PusherService).trigger(name, 'news', { text: 'Zoë 🚀' });
      expect(await arrived).toEqual({ text: 'Zoë 🚀' });
    });

    it.each(['private-closed', 'private-encrypted-closed', 'presence-closed', 'private-a.b'])(
      'are refused %s',
      async (name) => {
        const client = await connect('ada');
        const error = next(client.subscribe(name), 'pusher:subscription_error');
        expect(await error).toMatchObject({ type: 'AuthError', status: 403 });
        expect(pusher.connections().flatMap(({ channels }) => channels)).toEqual([]);
      },
    );

    it('send the parameters that a rule needs', async () => {
      const client = await connect('ada', {
        channelAuthorization: {
          transport: 'ajax',
          endpoint: `${server.url}/pusher/auth`,
          headers: { 'x-user': 'ada' },
          params: { tenant: 'south' },
        },
      });
      const error = next(client.subscribe('private-orders'), 'pusher:subscription_error');
      expect(await error).toMatchObject({ status: 403 });
    });

    it('know who is on a presence channel', async () => {
      const [ada, bob] = [await connect('ada'), await connect('bob')];
      const channel = ada.subscribe('presence-room');
      const { me } = await next<Members>(channel, 'pusher:subscription_succeeded');
      expect(me).toEqual({ id: 'ada', info: { name: 'ADA' } });
      const added = next(channel, 'pusher:member_added');
      bob.subscribe('presence-room');
      expect(await added).toEqual({ id: 'bob', info: { name: 'BOB' } });
    });

    it('sign in, receive events for their user, and see the users they watch', async () => {
      const ada = await connect('ada');
      ada.signin();
      await ada.user.signinDonePromise;
      const online = next<{ user_ids: string[] }>(ada.user.watchlist, 'online');
      const bob = await connect('bob');
      bob.signin();
      await bob.user.signinDonePromise;
      expect(await online).toMatchObject({ user_ids: ['bob'] });
      const arrived = next(bob.user, 'news');
      await server.app.get(PusherService).sendToUser('bob', 'news', { n: 1 });
      expect(await arrived).toEqual({ n: 1 });
    });

    it('join a presence channel as the user they have signed in as', async () => {
      const ada = await connect('ada');
      ada.signin();
      await ada.user.signinDonePromise;
      const channel = ada.subscribe('presence-lounge') as PresenceChannel;
      const { me } = await next<Members>(channel, 'pusher:subscription_succeeded');
      expect(me).toEqual({ id: 'ada', info: { name: 'ada' } });
    });

    it('are refused a sign-in', async () => {
      const banned = await connect('banned');
      const error = next(banned.user, 'pusher:signin_error');
      banned.signin();
      expect(await error).toMatchObject({ status: 403 });
    });

    it('may send JSON from a custom handler', async () => {
      const client = await connect('ada', {
        channelAuthorization: {
          transport: 'ajax',
          endpoint: '',
          customHandler: ({ socketId, channelName }, callback) => {
            const fields = { socket_id: socketId, channel_name: channelName, tenant: 'north' };
            server
              .post('/pusher/auth', fields, { form: 'json', user: 'ada' })
              .then((response) => response.json())
              .then(
                (authorization) => callback(null, authorization as { auth: string }),
                (error: Error) => callback(error, null),
              );
          },
        },
      });
      const channel = client.subscribe('private-orders');
      await next(channel, 'pusher:subscription_succeeded');
      expect(channel.subscribed).toBe(true);
    });
  },
);
