import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type INestApplication,
  Inject,
  Injectable,
  type Provider,
  Scope,
  UseGuards,
} from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import supertest from 'supertest';
import { AuthorizeChannel } from '../../../lib/auth/rules/authorize-channel.decorator.js';
import type { ChannelAuthRequest } from '../../../lib/auth/rules/auth-request.js';
import { PusherAuthController } from '../../../lib/auth/endpoint/pusher-auth.controller.js';
import type { PresenceMember } from '../../../lib/protocol/users.js';
import { PusherModule } from '../../../lib/pusher.module.js';
import { channelAuthRequest } from '../../../lib/testing/channel-auth-request.js';
import { testChannelRules } from '../../../lib/testing/rules/test-channel-rules.js';
import { APP, HeaderUser, type TestUser } from '../../support/auth/server.js';

@Injectable()
class Rules {
  @AuthorizeChannel('private-orders.{owner}')
  own(user: TestUser, { owner }: { owner: string }): boolean {
    return user.id === owner;
  }

  @AuthorizeChannel('private-user-{email...}')
  inbox(user: TestUser, { email }: { email: string }): boolean {
    return email === `${user.id}@example.com`;
  }

  @AuthorizeChannel('presence-open.{room}')
  open(user: TestUser, { room }: { room: string }): PresenceMember {
    return { userId: user.id, userInfo: { room } };
  }

  @AuthorizeChannel('private-broken')
  broken(): boolean {
    throw new Error('no database');
  }

  @AuthorizeChannel('private-tenant', { app: 'eu' })
  tenant(_user: TestUser, _params: object, { params }: ChannelAuthRequest): boolean {
    return params['tenant'] === 'north';
  }
}

@Injectable({ scope: Scope.REQUEST })
class PerRequest {
  constructor(@Inject(REQUEST) private readonly request: { headers: Record<string, string> }) {}

  @AuthorizeChannel('private-traced')
  traced(): boolean {
    return this.request.headers['x-trace'] === 'yes';
  }
}

@Injectable()
class Careless {
  readonly #owners: Record<string, string> = { '1': 'ada' };

  @AuthorizeChannel('private-careless.{id}')
  see(user: TestUser, { id }: { id: string }): boolean {
    return this.#owners[id] !== undefined && user.id !== '';
  }
}

function compile(...providers: Provider[]): Promise<TestingModule> {
  return Test.createTestingModule({
    imports: [PusherModule.forRoot(APP), PusherModule.forRoot({ ...APP, name: 'eu' })],
    providers,
  }).compile();
}

describe('testChannelRules', () => {
  let module: TestingModule;
  const ada = { id: 'ada' };

  beforeEach(async () => {
    module = await compile(Rules, PerRequest);
    await module.init();
  });
  afterEach(() => module.close());

  it('passes what is allowed, and returns the authorization', async () => {
    const { expectAllowed } = testChannelRules(module);
    expect(await expectAllowed(ada, 'private-orders.ada')).toEqual({
      auth: expect.stringMatching(/^app-key:[0-9a-f]{64}$/),
    });
    expect(await expectAllowed(ada, 'presence-open.1')).toMatchObject({
      channel_data: '{"user_id":"ada","user_info":{"room":"1"}}',
    });
  });

  it('gives a rule the rest of a name, dots included', async () => {
    const rules = testChannelRules(module);
    await rules.expectAllowed(ada, 'private-user-ada@example.com');
    await rules.expectDenied(ada, 'private-user-bob@example.com');
    await rules.expectDenied(ada, 'private-user-ada@example.com.evil.example');
  });

  it('says why something was not allowed', async () => {
    const { expectAllowed } = testChannelRules(module);
    await expect(expectAllowed(ada, 'private-orders.bob')).rejects.toThrow(
      /"private-orders\.bob" was refused: .* of Rules\.own denied it\. The rules are for private-orders/,
    );
    await expect(expectAllowed(ada, 'private-other')).rejects.toThrow(/no rule matches/);
    await expect(expectAllowed(null, 'private-orders.ada')).rejects.toThrow(
      /the request has no user/,
    );
    await expect(expectAllowed(ada, 'private-broken')).rejects.toThrow(/broken: no database/);
  });

  it('passes what is denied, but not a rule that fails', async () => {
    const { expectDenied } = testChannelRules(module);
    await expectDenied(ada, 'private-orders.bob');
    await expectDenied(undefined, 'private-orders.ada');
    await expectDenied(ada, 'private-orders.1.2');
    await expect(expectDenied(ada, 'private-orders.ada')).rejects.toThrow(/was allowed/);
    await expect(expectDenied(ada, 'private-broken')).rejects.toThrow(
      /only because a rule threw: .* no database/,
    );
  });

  it('applies the rules of another app, with the parameters of the client', async () => {
    const north = testChannelRules(module, { app: 'eu', params: { tenant: 'north' } });
    const south = testChannelRules(module, { app: 'eu', params: { tenant: 'south' } });
    await north.expectAllowed(ada, 'private-tenant');
    await south.expectDenied(ada, 'private-tenant');
    await testChannelRules(module).expectDenied(ada, 'private-tenant');
  });

  it('resolves request-scoped providers', async () => {
    const traced = testChannelRules(module, { headers: { 'x-trace': 'yes' } });
    await traced.expectAllowed(ada, 'private-traced');
    await testChannelRules(module).expectDenied(ada, 'private-traced');
  });

  it('tries hostile names', async () => {
    const { expectHostileNamesDenied } = testChannelRules(module);
    const openPatterns = ['presence-open.{room}'];
    const tried = await expectHostileNamesDenied(ada, { openPatterns });
    expect(tried).toEqual(
      expect.arrayContaining([
        'private-orders.1\n',
        'private-orders.1::user::{"id":"1"}',
        'presence-orders.1',
        'private-encrypted-orders.1',
        'private-orders.1.2',
        'private-orders.__proto__',
        'presence-open.1\0',
      ]),
    );
    expect(tried).not.toContain('presence-open.__proto__');
    await expect(expectHostileNamesDenied(ada)).rejects.toThrow(
      /were allowed: "presence-open\.__proto__", "presence-open\.constructor".*openPatterns/,
    );
  });

  it('finds a careless rule', async () => {
    const careless = await compile(Careless);
    await careless.init();
    await expect(testChannelRules(careless).expectHostileNamesDenied(ada)).rejects.toThrow(
      /"private-careless\.__proto__"/,
    );
    await careless.close();
  });

  it('does not test an application that has not started', async () => {
    const early = await compile(Rules);
    expect(() => testChannelRules(early)).toThrow(/await app\.init\(\)/);
    await early.close();
  });
});

describe('channelAuthRequest', () => {
  let app: INestApplication;

  beforeEach(async () => {
    const module = await Test.createTestingModule({
      imports: [PusherModule.forRoot(APP)],
      providers: [PerRequest],
      controllers: [PusherAuthController({ decorators: [UseGuards(HeaderUser)] })],
    }).compile();
    app = module.createNestApplication();
    await app.init();
  });
  afterEach(() => app.close());

  it.each(['form', 'json'])('is a body that supertest sends as %s', async (type) => {
    const server = app.getHttpServer() as Parameters<typeof supertest>[0];
    const post = () => supertest(server).post('/pusher/auth').type(type).set('x-user', 'ada');
    await post().set('x-trace', 'yes').send(channelAuthRequest('private-traced')).expect(200);
    await post().send(channelAuthRequest('private-traced')).expect(403);
    await post()
      .send(channelAuthRequest('private-traced', { socketId: 'none' }))
      .expect(400);
  });

  it('carries parameters', () => {
    const options = { socketId: '2.3', params: { tenant: 'north' } };
    expect(channelAuthRequest('private-a', options)).toEqual({
      socket_id: '2.3',
      channel_name: 'private-a',
      tenant: 'north',
    });
  });
});
