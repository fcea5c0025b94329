import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  HttpException,
  Injectable,
  Module,
  Post,
  type Provider,
  Scope,
  SetMetadata,
  UnauthorizedException,
  VersioningType,
} from '@nestjs/common';
import { APP_GUARD, NestFactory, Reflector } from '@nestjs/core';
import {
  PusherModule,
  PusherWebhook,
  PusherWebhookController,
  PusherWebhookGuard,
} from '../../../lib/index.js';
import { ADAPTERS } from '../../support/nest/adapters.js';
import {
  registered,
  WebhookServer,
  type WebhookServerParts,
} from '../../support/webhooks/server.js';
import { MemoryLogger } from '../../support/nest/memory-logger.js';
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

describe.each(ADAPTERS)('a webhook that does not reach its endpoint, on %s,', (_name, adapter) => {
  const start = (parts: Partial<WebhookServerParts>) =>
    WebhookServer.start({ adapter, controllers: [PusherWebhookController()], ...parts });

  it.each<[string, number, RegExp, Partial<WebhookServerParts>, string?]>([
    [
      'has another path',
      404,
      /: there is no endpoint for this host, path and version\. Correct the URL in the settings of the app/,
      {},
      '/pusher/webhook',
    ],
    [
      'needs a version',
      404,
      /with `version: VERSION_NEUTRAL` it needs none/,
      {
        setup: (app) => app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' }),
      },
    ],
    [
      'is for another host',
      404,
      /correct `path`, `host` and `version` of PusherWebhookController/,
      { controllers: [PusherWebhookController({ host: 'hooks.example' })] },
    ],
    [
      'is redirected',
      308,
      /, by a redirection\. .* Write the URL that it redirects to into the settings/,
      {
        setup: (app) =>
          app.use((_request: unknown, response: ServerResponse) =>
            response.writeHead(308, { location: 'https://a.example' }).end(),
          ),
      },
    ],
    [
      'meets maintenance',
      503,
      /, by a global guard or middleware\. Exempt the endpoint/,
      {
        setup: (app) =>
          app.use((_request: unknown, response: ServerResponse) => response.writeHead(503).end()),
      },
    ],
  ])('because it %s, is reported once', async (_why, status, words, parts, path = PATH) => {
    await using server = await start(parts);
    for (let time = 0; time < 2; time++)
      expect((await server.post(path, BODY)).status).toBe(status);
    const reports = reportsIn(server.log);
    expect(reports).toEqual([expect.stringMatching(words)]);
    expect(reports[0]).toContain(`A webhook to "${path}" was refused with ${status} before`);
  });

  it('because it is longer than the application accepts, is reported with the limit to raise', async () => {
    await using server = await start({});
    const long = webhookBody({ name: 'x', filler: 'x'.repeat(1_100_000) });
    expect((await server.post(PATH, long)).status).toBe(413);
    expect(reportsIn(server.log)).toEqual([
      expect.stringMatching(
        /413 .*: the body is longer .* Raise the limit: app\.useBodyParser\('json'/,
      ),
    ]);
  });
});

/** Without the lines of Nest itself: it warns of hosts on Fastify, and version 11 logs long bodies. */
function reportsIn(log: readonly string[]): string[] {
  return log.filter((line) => line.includes('webhook'));
}

it('an application without HTTP does not warn of global guards', async () => {
  const logger = new MemoryLogger();
  @Module({
    imports: [PusherModule.forRoot(registered())],
    providers: [{ provide: APP_GUARD, useClass: JwtGuard }],
    controllers: [PusherWebhookController()],
  })
  class Worker {}
  const worker = await NestFactory.createApplicationContext(Worker, { logger });
  expect(logger.lines.filter((line) => !line.startsWith('debug: '))).toEqual([]);
  await worker.close();
});
