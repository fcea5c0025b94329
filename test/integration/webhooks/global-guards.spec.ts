import { describe, expect, it } from '@jest/globals';
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  HttpException,
  Injectable,
  Post,
  type Provider,
  Scope,
  SetMetadata,
  UnauthorizedException,
} from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { PusherWebhook, PusherWebhookController, PusherWebhookGuard } from '../../../lib/index.js';
import { ADAPTERS } from '../../support/nest/adapters.js';
import { WebhookServer, type WebhookServerParts } from '../../support/webhooks/server.js';
import { webhookBody } from '../../support/webhooks/signing.js';

const Public = (): ClassDecorator => SetMetadata('public', true);

/** Refuses everything without a user, unless the class is public. */
@Injectable()
class JwtGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (new Reflector().get('public', context.getClass()) === true) return true;
    throw new UnauthorizedException();
  }
}

@Injectable({ scope: Scope.REQUEST })
class TenantGuard extends JwtGuard {}

@Injectable()
class AppThrottlerGuard implements CanActivate {
  canActivate(): never {
    throw new HttpException('too many', 429);
  }
}

@Controller()
class OwnEndpoint {
  @Post('own')
  handle(@PusherWebhook() _webhook: unknown): void {}
}

const PATH = '/pusher/webhooks';
const BODY = webhookBody({ name: 'channel_occupied', channel: 'a' });

describe.each(ADAPTERS)('a global guard, on %s,', (_name, adapter) => {
  const start = (parts: Partial<WebhookServerParts>) =>
    WebhookServer.start({ adapter, controllers: [PusherWebhookController()], ...parts });
  const warnings = ({ log }: WebhookServer) => log.filter((line) => line.startsWith('warn: '));

  it.each<[string, Provider, string]>([
    ['a class', { provide: APP_GUARD, useClass: JwtGuard }, 'JwtGuard'],
    ['a request-scoped class', { provide: APP_GUARD, useClass: TenantGuard }, 'TenantGuard'],
    ['a value', { provide: APP_GUARD, useValue: new JwtGuard() }, 'JwtGuard'],
    ['a factory', { provide: APP_GUARD, useFactory: () => new JwtGuard() }, 'JwtGuard'],
    ['another provider', { provide: APP_GUARD, useExisting: JwtGuard }, 'JwtGuard'],
  ])('is named at start, with what to write, when it is %s', async (_what, provider, name) => {
    await using server = await start({ providers: [JwtGuard, provider] });
    expect(warnings(server)).toEqual([
      `warn: The global guard ${name} runs before PusherWebhookController verifies a webhook. Webhooks come without a user, so a guard that requires one refuses them all. Exempt the endpoint with the decorator that the guard looks for: PusherWebhookController({ decorators: [Public()] }). With \`decorators\`, this warning is not logged.`,
    ]);
  });

  it('that limits the rate is named at start, with SkipThrottle()', async () => {
    await using server = await start({
      providers: [{ provide: APP_GUARD, useClass: AppThrottlerGuard }],
    });
    expect(warnings(server)).toEqual([
      expect.stringMatching(/AppThrottlerGuard .* 429 .*decorators: \[SkipThrottle\(\)\]/),
    ]);
  });

  it('is not named when the endpoint has decorators, and lets webhooks through', async () => {
    await using server = await start({
      providers: [{ provide: APP_GUARD, useClass: JwtGuard }],
      controllers: [PusherWebhookController({ decorators: [Public()] })],
    });
    expect((await server.post(PATH, BODY)).status).toBe(200);
    expect(server.log).toEqual([]);
  });

  it('is not named when nothing receives webhooks, or when it verifies them', async () => {
    await using without = await start({
      providers: [{ provide: APP_GUARD, useClass: JwtGuard }],
      controllers: [OwnEndpoint],
    });
    await using verifying = await start({
      providers: [{ provide: APP_GUARD, useClass: PusherWebhookGuard }],
    });
    expect([...warnings(without), ...warnings(verifying)]).toEqual([]);
  });

  it('of app.useGlobalGuards is noticed with the first webhook that it refuses', async () => {
    await using server = await start({ setup: (app) => app.useGlobalGuards(new JwtGuard()) });
    expect(warnings(server)).toEqual([]);
    for (let time = 0; time < 2; time++)
      expect((await server.post(`${PATH}?secret=1`, BODY)).status).toBe(401);
    expect(warnings(server)).toEqual([
      'warn: A webhook to "/pusher/webhooks" was refused with 401 before PusherWebhookGuard could verify it, by a global guard or middleware. Exempt the endpoint, for example with the decorator that the guard looks for: PusherWebhookController({ decorators: [Public()] }). This is logged once.',
    ]);
  });

  it('is not blamed for requests that are not webhooks of an app, or that the guard itself refuses', async () => {
    await using server = await start({ setup: (app) => app.useGlobalGuards(new JwtGuard()) });
    await server.post(PATH, BODY, { 'content-type': 'application/json' });
    await server.post(PATH, BODY, { 'x-pusher-key': 'unknown' });
    await using verifying = await start({});
    const unsigned = { 'x-pusher-key': 'test-key-0123456789', 'content-type': 'application/json' };
    expect((await verifying.post(PATH, BODY, unsigned)).status).toBe(401);
    expect([...warnings(server), ...warnings(verifying)]).toEqual([]);
  });
});
