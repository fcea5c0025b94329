import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  Body,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Injectable,
  Post,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import Echo from 'laravel-echo';
import type { PresenceChannel } from 'pusher-js';
import { z } from 'zod';
import {
  authOptions,
  defineEvents,
  type EventsOf,
  fetchWithSocketId,
  socketIdHeaders,
  typedChannel,
  typedEcho,
  typedPresence,
} from '../../../lib/client/index.js';
import {
  AuthenticateUser,
  AuthorizeChannel,
  type PresenceMember,
  PusherAuthController,
  PusherService,
  type UserData,
} from '../../../lib/index.js';
import { PusherTestServer } from '../../../lib/testing/index.js';
import { AuthServer, type TestUser } from '../../support/auth/server.js';
import { ADAPTERS } from '../../support/nest/adapters.js';
import { next, type PusherClient, PusherJs, settled } from '../../support/testing/clients.js';

const events = defineEvents({ 'message.created': z.object({ id: z.string() }) });
type ChatEvents = EventsOf<typeof events>;

/** Takes the user from a bearer token, and lets nobody in without one. */
@Injectable()
class TokenGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context
      .switchToHttp()
      .getRequest<{ headers: { authorization?: string }; user?: TestUser }>();
    const id = /^Bearer token-of-(\w+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (id === undefined) throw new UnauthorizedException();
    request.user = { id };
    return true;
  }
}

@Injectable()
class Rules {
  @AuthorizeChannel('private-rooms.{id}')
  see(): boolean {
    return true;
  }

  @AuthorizeChannel('private-encrypted-rooms.{id}')
  read(): boolean {
    return true;
  }

  @AuthorizeChannel('presence-rooms.{id}')
  join({ id }: TestUser): PresenceMember {
    return { userId: id, userInfo: { name: id.toUpperCase() } };
  }

  @AuthenticateUser()
  whoIs({ id }: TestUser): UserData {
    return { id };
  }
}

@Controller('messages')
class Messages {
  constructor(private readonly pusher: PusherService<ChatEvents>) {}

  @Post()
  async send(@Body() { id }: { id: string }): Promise<void> {
    await this.pusher.trigger('private-rooms.7', 'message.created', { id }, { toOthers: true });
  }
}

describe.each(ADAPTERS)('the client door with an application on %s', (_name, adapter) => {
  let pusher: PusherTestServer;
  let server: AuthServer;
  let clients: PusherClient[];

  beforeEach(async () => {
    clients = [];
    pusher = await PusherTestServer.start();
    server = await AuthServer.start({
      adapter,
      apps: [{ ...pusher.options, events, socketIdHeader: 'x-socket-id' }],
      providers: [Rules],
      controllers: [
        Messages,
        PusherAuthController({ path: 'broadcasting', decorators: [UseGuards(TokenGuard)] }),
      ],
    });
  });

  afterEach(async () => {
    for (const client of clients) client.disconnect();
    await server.app.close();
    await pusher.stop();
  });

  async function connect(token: string | (() => Promise<string>)): Promise<PusherClient> {
    const client = new PusherJs(pusher.key, {
      ...pusher.clientOptions,
      ...authOptions({ path: `${server.url}/broadcasting`, token }),
    });
    clients.push(client);
    await next(client.connection, 'connected');
    return client;
  }

  function trigger(channel: string, id: string) {
    const service = server.app.get<PusherService<ChatEvents>>(PusherService);
    return service.trigger(channel, 'message.created', { id });
  }

  /** The id of the next message. */
  function message({ bind }: Pick<ReturnType<typeof typedEcho<typeof events>>, 'bind'>) {
    return new Promise<string>((resolve) => {
      const stop = bind('message.created', ({ id }) => {
        stop();
        resolve(id);
      });
    });
  }

  it.each(['private-rooms.7', 'private-encrypted-rooms.7'])(
    'delivers typed events on %s',
    async (name) => {
      const channel = (await connect('token-of-ada')).subscribe(name);
      await next(channel, 'pusher:subscription_succeeded');
      const received = message(typedChannel(events, channel, { check: true }));
      await trigger(name, '1');
      expect(await received).toBe('1');
    },
  );

  it('reports a subscription without a token as an error', async () => {
    const client = await connect('');
    const refused = next(client.subscribe('private-rooms.7'), 'pusher:subscription_error');
    expect(await refused).toMatchObject({
      type: 'AuthError',
      error: `${server.url}/broadcasting/auth returned 401`,
    });
  });

  it('signs in with a token', async () => {
    const client = await connect('token-of-ada');
    client.signin();
    await pusher.waitForSubscription('#server-to-user-ada');
    const received = next(client.user, 'message.created');
    await server.app
      .get<PusherService<ChatEvents>>(PusherService)
      .sendToUser('ada', 'message.created', { id: '2' });
    expect(await received).toEqual({ id: '2' });
  });

  it('lists the members of a presence channel as they come and go', async () => {
    const lists: string[][] = [];
    const ada = (await connect('token-of-ada')).subscribe('presence-rooms.7') as PresenceChannel;
    const room = typedPresence<{ name: string }>()(events, ada);
    room.onMembers((members) => lists.push(members.map(({ info }) => info.name)));
    await next(ada, 'pusher:subscription_succeeded');
    const bob = await connect('token-of-bob');
    const [came, went] = [next(ada, 'pusher:member_added'), next(ada, 'pusher:member_removed')];
    bob.subscribe('presence-rooms.7');
    await came;
    bob.disconnect();
    await went;
    expect(lists).toEqual([['ADA'], ['ADA', 'BOB'], ['ADA']]);
    expect(room.me).toEqual({ id: 'ada', info: { name: 'ADA' } });
  });

  it('leaves out the sender of a request of fetchWithSocketId', async () => {
    const [ada, bob] = [await connect('token-of-ada'), await connect('token-of-bob')];
    const [own, others] = [ada, bob].map((client) => client.subscribe('private-rooms.7'));
    if (!own || !others) throw new Error('There are two channels.');
    await Promise.all([own, others].map((one) => next(one, 'pusher:subscription_succeeded')));
    const seen: string[] = [];
    typedChannel(events, own).bind('message.created', ({ id }) => seen.push(id));
    const received = message(typedChannel(events, others));
    await fetchWithSocketId(ada)(`${server.url}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"id":"3"}',
    });
    expect(await received).toBe('3');
    await settled(ada);
    expect(seen).toEqual([]);
  });

  it('asks for a new token and keeps its handlers when the connection comes back', async () => {
    const tokens: string[] = [];
    const client = await connect(async () => {
      tokens.push('token-of-ada');
      return 'token-of-ada';
    });
    const channel = client.subscribe('private-rooms.7');
    await next(channel, 'pusher:subscription_succeeded');
    const received = message(typedChannel(events, channel));
    client.disconnect();
    const back = next(channel, 'pusher:subscription_succeeded');
    client.connect();
    await back;
    await trigger('private-rooms.7', '4');
    expect([await received, tokens.length]).toEqual(['4', 2]);
  });

  it('works over Laravel Echo', async () => {
    const client = await connect('token-of-ada');
    const echo = new Echo({ broadcaster: 'pusher', key: pusher.key, client });
    const room = echo.private('rooms.7');
    await next(client.channel('private-rooms.7'), 'pusher:subscription_succeeded');
    const received = message(typedEcho(events, room));
    await trigger('private-rooms.7', '5');
    expect(await received).toBe('5');

    const joined = echo.join('rooms.7').subscription as PresenceChannel;
    await next(joined, 'pusher:subscription_succeeded');
    const presence = typedPresence<{ name: string }>()(events, joined);
    expect(presence.members()).toEqual([{ id: 'ada', info: { name: 'ADA' } }]);
    const said = message(presence);
    await trigger('presence-rooms.7', '6');
    expect(await said).toBe('6');
    expect(socketIdHeaders(echo)).toEqual({ 'X-Socket-ID': client.connection.socket_id });
  });

  it('serves the requests that Laravel Echo makes by itself', async () => {
    const echo = new Echo({
      broadcaster: 'pusher',
      // The types of the package describe its module, not the class that Echo wants.
      Pusher: PusherJs as unknown as typeof import('pusher-js'),
      key: pusher.key,
      ...pusher.clientOptions,
      authEndpoint: `${server.url}/broadcasting/auth`,
      bearerToken: 'token-of-bob',
    });
    clients.push(echo.connector.pusher);
    const received = message(typedEcho(events, echo.private('rooms.7')));
    echo.join('rooms.7');
    await pusher.waitForSubscription('private-rooms.7');
    await pusher.waitForSubscription('presence-rooms.7');
    await trigger('private-rooms.7', '7');
    expect(await received).toBe('7');
  });
});
