import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Inject, Injectable, Scope, UseGuards } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { AuthenticateUser } from '../../../lib/auth/rules/authenticate-user.decorator.js';
import { AuthorizeChannel } from '../../../lib/auth/rules/authorize-channel.decorator.js';
import type { ChannelAuthRequest } from '../../../lib/auth/rules/auth-request.js';
import type { PusherModuleOptions } from '../../../lib/options/pusher-module-options.js';
import { PusherAuthController } from '../../../lib/auth/endpoint/pusher-auth.controller.js';
import type { PresenceMember, UserData } from '../../../lib/protocol/users.js';
import {
  APP,
  AuthServer,
  type Form,
  FORMS,
  HeaderUser,
  type TestUser,
} from '../../support/auth/server.js';
import { ADAPTERS, type MakeAdapter } from '../../support/nest/adapters.js';

@Injectable()
class Rules {
  readonly received: ChannelAuthRequest[] = [];

  @AuthorizeChannel('private-orders.{owner}')
  own(user: TestUser, { owner }: { owner: string }, request: ChannelAuthRequest): boolean {
    this.received.push(request);
    return user.id === owner;
  }

  @AuthorizeChannel('presence-rooms.{room}')
  join(user: TestUser, { room }: { room: string }): PresenceMember | false {
    return room === 'closed' ? false : { userId: user.id, userInfo: { room } };
  }

  @AuthorizeChannel('presence-lounge')
  lounge(): 'signed-in' {
    return 'signed-in';
  }

  @AuthorizeChannel('private-encrypted-{owner}')
  secret(user: TestUser, { owner }: { owner: string }): Promise<boolean> {
    return Promise.resolve(user.id === owner);
  }

  @AuthenticateUser()
  whoIs(user: TestUser): UserData | null {
    return user.id === 'banned' ? null : { id: user.id, watchlist: ['friend'] };
  }
}

@Injectable({ scope: Scope.REQUEST })
class PerRequest {
  constructor(@Inject(REQUEST) private readonly request: { headers: Record<string, string> }) {}

  @AuthorizeChannel('presence-per-request')
  join(user: TestUser): PresenceMember {
    return { userId: user.id, userInfo: this.request.headers['x-trace'] };
  }
}

const sign = (data: string, { key, secret } = APP as { key: string; secret: string }) =>
  `${key}:${createHmac('sha256', secret).update(data).digest('hex')}`;
const masterKey = Buffer.alloc(32, 7).toString('base64');

const authController = () => PusherAuthController({ decorators: [UseGuards(HeaderUser)] });
const start = (adapter: MakeAdapter, options: PusherModuleOptions = {}) =>
  AuthServer.start({
    adapter,
    apps: [{ ...APP, encryptionMasterKeyBase64: masterKey, ...options }],
    providers: [Rules, PerRequest],
    controllers: [authController()],
  });

describe.each(ADAPTERS)('PusherAuthController on %s', (_name, adapter) => {
  describe.each<[Form]>(FORMS.map((form) => [form]))('with a body as %s', (form) => {
    it('signs what a rule allows, with status 200 and no-store', async () => {
      await using server = await start(adapter);
      const response = await server.post(
        '/pusher/auth',
        { socket_id: '1.2', channel_name: 'private-orders.ada' },
        { form, user: 'ada' },
      );
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(await response.json()).toEqual({ auth: sign('1.2:private-orders.ada') });
    });

    it.each<[string, string, object]>([
      ['private-orders.bob', 'ada', { statusCode: 403 }],
      ['private-unknown', 'ada', { statusCode: 403 }],
      ['presence-rooms.closed', 'ada', { statusCode: 403 }],
      ['private-encrypted-bob', 'ada', { statusCode: 403 }],
    ])('refuses %s to %s', async (channel_name, user, body) => {
      await using server = await start(adapter);
      const fields = { socket_id: '1.2', channel_name };
      const response = await server.post('/pusher/auth', fields, { form, user });
      expect(response.status).toBe(403);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(await response.json()).toEqual(expect.objectContaining(body));
    });

    it('refuses a request without a user and calls no rule', async () => {
      await using server = await start(adapter);
      const fields = { socket_id: '1.2', channel_name: 'private-orders.ada' };
      expect((await server.post('/pusher/auth', fields, { form })).status).toBe(403);
      expect((await server.post('/pusher/user-auth', fields, { form })).status).toBe(403);
      expect(server.app.get(Rules).received).toEqual([]);
    });

    it.each<[string, Record<string, string>, RegExp[]]>([
      [
        'both',
        { socket_id: 'x', channel_name: 'private-a b' },
        [
          /^channel_name must start with private- or presence-.* 164 characters/,
          /^socket_id must be/,
        ],
      ],
      ['no name', { socket_id: '1.1' }, [/^channel_name/]],
      ['a public name', { socket_id: '1.1', channel_name: 'news' }, [/^channel_name/]],
      [
        'a name that is too long for the app',
        { socket_id: '1.1', channel_name: `private-${'a'.repeat(157)}` },
        [/^channel_name/],
      ],
    ])('says what is wrong with the fields: %s', async (_case, fields, messages) => {
      await using server = await start(adapter, { limits: { maxChannelNameLength: 164 } });
      const response = await server.post('/pusher/auth', fields, { form, user: 'ada' });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        statusCode: 400,
        message: messages.map((message) => expect.stringMatching(message) as unknown),
      });
    });

    it('passes to the rule what the client sent along', async () => {
      await using server = await start(adapter);
      const fields = { socket_id: '1.2', channel_name: 'private-orders.ada', tenant: 'north' };
      await server.post('/pusher/auth', fields, { form, user: 'ada', headers: { 'x-y': 'z' } });
      const [request] = server.app.get(Rules).received;
      expect(request).toMatchObject({
        socketId: '1.2',
        channel: 'private-orders.ada',
        app: 'default',
        headers: { 'x-y': 'z' },
      });
      expect({ ...request?.params }).toEqual({ tenant: 'north' });
      expect(Object.getPrototypeOf(request?.params)).toBeNull();
    });
  });

  it('signs members, encrypted channels and users', async () => {
    await using server = await start(adapter);
    const post = async (path: string, channel_name?: string) => {
      const fields = { socket_id: '1.2', ...(channel_name && { channel_name }) };
      const response = await server.post(path, fields, { user: 'ada' });
      return await response.json();
    };
    const member = '{"user_id":"ada","user_info":{"room":"7"}}';
    const user = '{"id":"ada","watchlist":["friend"]}';
    expect(await post('/pusher/auth', 'presence-rooms.7')).toEqual({
      auth: sign(`1.2:presence-rooms.7:${member}`),
      channel_data: member,
    });
    expect(await post('/pusher/auth', 'presence-lounge')).toEqual({
      auth: sign('1.2:presence-lounge'),
    });
    expect(await post('/pusher/auth', 'private-encrypted-ada')).toEqual({
      auth: sign('1.2:private-encrypted-ada'),
      shared_secret: expect.stringMatching(/^[\w+/]{43}=$/),
    });
    expect(await post('/pusher/user-auth')).toEqual({
      auth: sign(`1.2::user::${user}`),
      user_data: user,
    });
  });

  it('refuses a sign-in when the rule returns null', async () => {
    await using server = await start(adapter);
    const response = await server.post(
      '/pusher/user-auth',
      { socket_id: '1.2' },
      { user: 'banned' },
    );
    expect(response.status).toBe(403);
  });

  it('resolves request-scoped providers with the request', async () => {
    await using server = await start(adapter);
    const fields = { socket_id: '1.2', channel_name: 'presence-per-request' };
    const members = await Promise.all(
      ['one', 'two'].map(async (trace) => {
        const options = { user: trace, headers: { 'x-trace': `trace ${trace}` } };
        const response = await server.post('/pusher/auth', fields, options);
        return ((await response.json()) as { channel_data: string }).channel_data;
      }),
    );
    expect(members).toEqual([
      '{"user_id":"one","user_info":"trace one"}',
      '{"user_id":"two","user_info":"trace two"}',
    ]);
  });
});
