import { describe, expect, it } from '@jest/globals';
import {
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  Scope,
  UseGuards,
  ValidationPipe,
  VersioningType,
} from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { AuthorizeChannel } from '../../../lib/auth/rules/authorize-channel.decorator.js';
import type { ChannelAuthRequest } from '../../../lib/auth/rules/auth-request.js';
import { PusherAuthController } from '../../../lib/auth/endpoint/pusher-auth.controller.js';
import { APP, AuthServer, HeaderUser, type TestUser } from '../../support/auth/server.js';
import { ADAPTERS } from '../../support/nest/adapters.js';

@Injectable()
class Rules {
  readonly seen: unknown[] = [];

  @AuthorizeChannel('private-{name}')
  see(user: TestUser, _params: { name: string }, { app, params }: ChannelAuthRequest): boolean {
    this.seen.push({ user, app, params: { ...params } });
    return true;
  }
}

@Injectable()
class EuRules {
  @AuthorizeChannel('private-eu.{name}', { app: 'eu' })
  onlyEu(): boolean {
    return true;
  }
}

@Injectable()
class Closed implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

@Injectable({ scope: Scope.REQUEST })
class UserOfRequest implements CanActivate {
  constructor(@Inject(REQUEST) private readonly request: { headers: Record<string, string> }) {}

  canActivate(context: ExecutionContext): boolean {
    context.switchToHttp().getRequest<{ user: unknown }>().user = {
      id: this.request.headers['x-user'],
    };
    return true;
  }
}

const FIELDS = { socket_id: '1.1', channel_name: 'private-a' };
const guarded = { decorators: [UseGuards(HeaderUser)] };

describe.each(ADAPTERS)('PusherAuthController on %s', (_name, adapter) => {
  it('is mounted below prefix and version, and needs no pipe', async () => {
    await using server = await AuthServer.start({
      adapter,
      providers: [Rules],
      controllers: [PusherAuthController({ ...guarded, path: 'realtime', version: '2' })],
      setup: (app) => app.setGlobalPrefix('api').enableVersioning({ type: VersioningType.URI }),
    });
    expect((await server.post('/api/v2/realtime/auth', FIELDS, { user: '1' })).status).toBe(200);
    expect((await server.post('/api/realtime/auth', FIELDS, { user: '1' })).status).toBe(404);
  });

  it.each([
    { whitelist: true },
    { whitelist: true, forbidNonWhitelisted: true, transform: true, forbidUnknownValues: true },
  ])('is not changed by a global ValidationPipe %j', async (options) => {
    await using server = await AuthServer.start({
      adapter,
      providers: [Rules],
      controllers: [PusherAuthController(guarded)],
      setup: (app) => app.useGlobalPipes(new ValidationPipe(options)),
    });
    for (const form of ['form', 'json'] as const) {
      const fields = { ...FIELDS, tenant: 'north' };
      const response = await server.post('/pusher/auth', fields, { form, user: '1' });
      expect(response.status).toBe(200);
      expect((await server.post('/pusher/auth', { tenant: '1' }, { form })).status).toBe(400);
    }
    expect(server.app.get(Rules).seen).toEqual(
      ['form', 'json'].map(() => ({
        user: { id: '1' },
        app: 'default',
        params: { tenant: 'north' },
      })),
    );
  });

  it('lets guards of the class and of the application refuse', async () => {
    await using server = await AuthServer.start({
      adapter,
      providers: [Rules],
      controllers: [
        PusherAuthController({ path: 'closed', decorators: [UseGuards(Closed)] }),
        PusherAuthController({ path: 'open', ...guarded }),
      ],
    });
    expect((await server.post('/closed/auth', FIELDS, { user: '1' })).status).toBe(403);
    expect((await server.post('/closed/user-auth', FIELDS, { user: '1' })).status).toBe(403);
    expect((await server.post('/open/auth', FIELDS, { user: '1' })).status).toBe(200);
    expect(server.app.get(Rules).seen).toHaveLength(1);
  });

  it('works with a request-scoped guard', async () => {
    await using server = await AuthServer.start({
      adapter,
      providers: [Rules],
      controllers: [PusherAuthController({ decorators: [UseGuards(UserOfRequest)] })],
    });
    expect((await server.post('/pusher/auth', FIELDS, { user: '7' })).status).toBe(200);
    expect(server.app.get(Rules).seen).toMatchObject([{ user: { id: '7' } }]);
    // Such a guard makes the controller request-scoped too; it is still found.
    expect(server.log.filter((line) => line.startsWith('warn'))).toEqual([]);
  });

  it('serves several apps, each with its key and its rules', async () => {
    await using server = await AuthServer.start({
      adapter,
      apps: [APP, { ...APP, name: 'eu', key: 'eu-key', secret: 'eu-secret' }],
      providers: [Rules, EuRules],
      controllers: [
        PusherAuthController(guarded),
        PusherAuthController({ app: 'eu', path: ['eu/pusher', 'europe'], ...guarded }),
      ],
    });
    const post = async (path: string, channel_name: string) => {
      const response = await server.post(path, { socket_id: '1.1', channel_name }, { user: '1' });
      const { auth } = (await response.json()) as { auth?: string };
      return auth?.split(':')[0] ?? response.status;
    };
    expect(await post('/pusher/auth', 'private-a')).toBe('app-key');
    expect(await post('/eu/pusher/auth', 'private-a')).toBe('eu-key');
    expect(await post('/europe/auth', 'private-eu.a')).toBe('eu-key');
    expect(await post('/pusher/auth', 'private-eu.a')).toBe(403);
    expect(server.app.get(Rules).seen).toMatchObject([{ app: 'default' }, { app: 'eu' }]);
  });

  it.each<[string, unknown, number]>([
    ['a user', { id: 'from a token' }, 200],
    ['zero', 0, 200],
    ['undefined', undefined, 403],
    ['null', null, 403],
    ['false', false, 403],
    ['an empty string', '', 403],
  ])('takes the user from the option: %s', async (_case, user, status) => {
    await using server = await AuthServer.start({
      adapter,
      providers: [Rules],
      controllers: [PusherAuthController({ user: () => Promise.resolve(user) })],
    });
    // The user that a guard may have set is ignored.
    expect((await server.post('/pusher/auth', FIELDS, { user: '1' })).status).toBe(status);
    expect(server.app.get(Rules).seen).toEqual(
      status === 200 ? [{ user, app: 'default', params: {} }] : [],
    );
  });

  it('passes the request to the option', async () => {
    await using server = await AuthServer.start({
      adapter,
      providers: [Rules],
      controllers: [
        PusherAuthController({
          user: (request: { headers: Record<string, string> }) => ({
            id: request.headers['x-user'],
          }),
        }),
      ],
    });
    expect((await server.post('/pusher/auth', FIELDS, { user: '9' })).status).toBe(200);
    expect(server.app.get(Rules).seen).toMatchObject([{ user: { id: '9' } }]);
  });

  it('finds the user that middleware sets', async () => {
    await using server = await AuthServer.start({
      adapter,
      providers: [Rules],
      controllers: [PusherAuthController()],
      setup: (app) =>
        app.use((request: { user?: unknown }, _response: unknown, next: () => void) => {
          request.user = { id: 'middle' };
          next();
        }),
    });
    expect((await server.post('/pusher/auth', FIELDS)).status).toBe(200);
    expect(server.app.get(Rules).seen).toMatchObject([{ user: { id: 'middle' } }]);
  });
});
