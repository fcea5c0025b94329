import type { Readable } from 'node:stream';
import {
  type ArgumentMetadata,
  type CanActivate,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  HttpCode,
  type INestApplication,
  Injectable,
  type NestInterceptor,
  type CallHandler,
  type PipeTransform,
  Post,
  type RawBodyRequest,
  Req,
  UnauthorizedException,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
  ValidationPipe,
  Version,
  VersioningType,
  type ArgumentsHost,
  ForbiddenException,
  type HttpException,
} from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { map, type Observable } from 'rxjs';
import type { PusherWebhookError } from '../../../lib/errors/pusher-webhook.error.js';
import { PusherWebhook } from '../../../lib/webhooks/endpoint/pusher-webhook.decorator.js';
import { PusherWebhookGuard } from '../../../lib/webhooks/endpoint/pusher-webhook.guard.js';
import type { Webhook } from '../../../lib/webhooks/webhook.js';
import { WebhookReceiver } from '../../../lib/webhooks/receive/webhook-receiver.js';
import { WebhookServer, registered } from '../../support/webhooks/server.js';
import { ADAPTERS } from '../../support/nest/adapters.js';
import { signedHeaders, TIME_MS, webhookBody } from '../../support/webhooks/signing.js';
import {
  expectedEvent,
  INVALID_VECTORS,
  MALFORMED_VECTORS,
  VALID_VECTORS,
} from '../../support/webhooks/vectors.js';

const BODY = webhookBody({ name: 'channel_occupied', channel: 'my-channel' });
const UNSIGNED = { 'content-type': 'application/json' };
const EU = { key: 'eu-key', secret: 'eu-secret' };

@Controller()
class Hooks {
  readonly got: Webhook[] = [];

  @Post('hooks')
  handle(@PusherWebhook() webhook: Webhook): Webhook {
    this.got.push(webhook);
    return webhook;
  }

  @Post('eu')
  onlyEu(@PusherWebhook({ apps: ['eu'] }) webhook: Webhook): Webhook {
    return webhook;
  }

  @Post('method')
  @PusherWebhook()
  method(@Req() request: RawBodyRequest<object>): number | undefined {
    return request.rawBody?.length;
  }

  @Post('both')
  @PusherWebhook({ apps: ['eu'] })
  @HttpCode(202)
  both(@PusherWebhook() webhook: Webhook): Webhook {
    return webhook;
  }

  @Post('both-eu')
  @PusherWebhook()
  bothEu(@PusherWebhook({ apps: ['eu'] }) webhook: Webhook): Webhook {
    return webhook;
  }
}

interface FastifyParsers {
  addContentTypeParser(
    type: string,
    options: { parseAs: 'buffer' | 'string' },
    parser: (request: unknown, body: unknown, done: (error: null, body: unknown) => void) => void,
  ): void;
}

/** Has the application itself keep bodies of JSON unparsed, as `express.raw()` and others do. */
function keepBodies(app: INestApplication, parseAs: 'buffer' | 'string'): void {
  const instance = app.getHttpAdapter().getInstance() as Partial<FastifyParsers>;
  instance.addContentTypeParser?.('application/json', { parseAs }, (_request, body, done) =>
    done(null, body),
  );
  if (instance.addContentTypeParser !== undefined) return;
  app.use(async (request: Readable & { body: unknown }, _response: unknown, next: () => void) => {
    const bytes = Buffer.concat(await request.toArray());
    request.body = parseAs === 'buffer' ? bytes : bytes.toString();
    next();
  });
}

describe.each(ADAPTERS)('@PusherWebhook() on %s', (_name, adapter) => {
  it('accepts the published vectors', async () => {
    for (const { id, key, secret, extra_tokens, headers, body, ...vector } of VALID_VECTORS) {
      const app = registered({
        credentials: { key, secret },
        previousCredentials: extra_tokens ?? [],
      });
      await using server = await WebhookServer.start({
        adapter,
        apps: [app],
        controllers: [Hooks],
      });
      const response = await server.post('/hooks', body, headers);
      const {
        events = [],
        unknownEvents = [],
        timeMs,
      } = (await response.json()) as Partial<Webhook>;
      expect({
        id,
        status: response.status,
        timeMs,
        events: [...events, ...unknownEvents],
      }).toEqual({
        id,
        status: 200,
        timeMs: vector.time_ms,
        events: vector.events?.map(expectedEvent),
      });
    }
  });

  it('refuses the published forgeries', async () => {
    for (const { id, key, secret, headers, body } of [...INVALID_VECTORS, ...MALFORMED_VECTORS]) {
      const app = registered({ credentials: { key, secret } });
      await using server = await WebhookServer.start({
        adapter,
        apps: [app],
        controllers: [Hooks],
      });
      const { status } = await server.post('/hooks', body, headers);
      expect([id, [400, 401].includes(status)]).toEqual([id, true]);
      expect(server.app.get(Hooks).got).toEqual([]);
    }
  });

  it('injects the webhook and responds with 200', async () => {
    await using server = await WebhookServer.start({ adapter, controllers: [Hooks] });
    const response = await server.post('/hooks', BODY);
    expect([response.status, await response.json()]).toEqual([
      200,
      {
        timeMs: TIME_MS,
        time: new Date(TIME_MS).toJSON(),
        app: 'default',
        key: 'test-key-0123456789',
        events: [{ name: 'channel_occupied', channel: 'my-channel' }],
        unknownEvents: [],
      },
    ]);
  });

  it('says in JSON why it refuses a request, with a code', async () => {
    await using server = await WebhookServer.start({ adapter, controllers: [Hooks] });
    const forged = await server.post('/hooks', BODY, signedHeaders(`${BODY} `));
    expect(await forged.json()).toEqual({
      statusCode: 401,
      code: 'PUSHER_WEBHOOK_UNVERIFIED',
      message: expect.stringContaining('has a signature that does not match its body') as unknown,
    });
    const strange = await server.post('/hooks', '{"events":{}}');
    expect(await strange.json()).toMatchObject({
      statusCode: 400,
      code: 'PUSHER_WEBHOOK_MALFORMED',
    });
  });

  it('logs refused requests at debug level, and warns of those that probably are webhooks', async () => {
    await using server = await WebhookServer.start({ adapter, controllers: [Hooks] });
    await server.post('/hooks', BODY, signedHeaders(`${BODY} `));
    await server.post('/hooks', BODY, UNSIGNED);
    await server.post('/hooks', '{"events":{}}');
    expect(server.debugLog).toEqual([
      expect.stringMatching(/ has a signature that does not match its body/),
      expect.stringMatching(/ has no X-Pusher-Key header/),
      expect.stringMatching(/^The signature of the request is right, but the body/),
    ]);
    expect(server.log).toEqual([
      expect.stringMatching(/^warn: Refused a webhook with the key "test-key.* wrong signature/),
      expect.stringMatching(
        /^warn: Refused a webhook of the app "default"\. The signature .* right/,
      ),
    ]);
  });

  it('works on the method, and on the method and its parameter together', async () => {
    const apps = [registered(), registered({ name: 'eu', credentials: EU })];
    await using server = await WebhookServer.start({ adapter, apps, controllers: [Hooks] });
    const method = await server.post('/method', BODY);
    expect([method.status, await method.text()]).toEqual([200, String(BODY.length)]);
    expect((await server.post('/method', BODY, UNSIGNED)).status).toBe(401);
    expect((await server.post('/both', BODY, signedHeaders(BODY, EU))).status).toBe(202);
    expect((await server.post('/both', BODY)).status).toBe(401);
    expect((await server.post('/both-eu', BODY, signedHeaders(BODY, EU))).status).toBe(200);
    expect((await server.post('/both-eu', BODY)).status).toBe(401);
  });

  it('accepts only the apps that it names', async () => {
    const apps = [registered(), registered({ name: 'eu', credentials: EU })];
    await using server = await WebhookServer.start({ adapter, apps, controllers: [Hooks] });
    expect((await server.post('/hooks', BODY, signedHeaders(BODY, EU))).status).toBe(200);
    const fromEu = await server.post('/eu', BODY, signedHeaders(BODY, EU));
    expect(await fromEu.json()).toMatchObject({ app: 'eu', key: 'eu-key' });
    expect((await server.post('/eu', BODY)).status).toBe(401);
  });

  it('accepts application/json with parameters', async () => {
    await using server = await WebhookServer.start({ adapter, controllers: [Hooks] });
    const headers = { ...signedHeaders(BODY), 'content-type': 'application/json; charset=utf-8' };
    expect((await server.post('/hooks', BODY, headers)).status).toBe(200);
  });

  it.each(['buffer', 'string'] as const)(
    'accepts a body that the application left unparsed, as a %s',
    async (form) => {
      await using server = await WebhookServer.start({
        adapter,
        controllers: [Hooks],
        options: { bodyParser: false },
        setup: (app) => keepBodies(app, form),
      });
      expect((await server.post('/hooks', BODY)).status).toBe(200);
      expect((await server.post('/hooks', BODY, signedHeaders(`${BODY} `))).status).toBe(401);
    },
  );
});

@Injectable()
class Refuse implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToHttp().getRequest<{ headers: object }>().headers !== undefined;
  }
}

@Injectable()
class Wrap implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((response: unknown) => ({ wrapped: response })));
  }
}

@Injectable()
class Names implements PipeTransform {
  transform(value: unknown, { type }: ArgumentMetadata): unknown {
    return type === 'custom' ? (value as Webhook).events.map(({ name }) => name) : value;
  }
}

@Catch(UnauthorizedException)
class ToTeapot implements ExceptionFilter<HttpException> {
  catch(error: HttpException, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<{
      status(code: number): { send(body: unknown): void };
    }>();
    const cause = error.cause as PusherWebhookError;
    response.status(418).send({ because: cause.code });
  }
}

@Controller('dressed')
@UseGuards(Refuse)
@UseInterceptors(Wrap)
@UseFilters(ToTeapot)
class Dressed {
  @Post()
  @Version('2')
  @UsePipes(Names)
  handle(@PusherWebhook() names: unknown): unknown {
    return names;
  }

  @Post('piped')
  @Version('2')
  piped(@PusherWebhook({}, Names) names: unknown): unknown {
    return names;
  }
}

describe.each(ADAPTERS)(
  '@PusherWebhook() together with other features of Nest, on %s',
  (_name, adapter) => {
    it('works with guards, interceptors, pipes, filters, a prefix and versions', async () => {
      await using server = await WebhookServer.start({
        adapter,
        controllers: [Dressed],
        setup: (app) => {
          app.setGlobalPrefix('api');
          app.enableVersioning({ type: VersioningType.URI });
          app.useGlobalPipes(
            new ValidationPipe({
              whitelist: true,
              transform: true,
              validateCustomDecorators: true,
            }),
          );
        },
      });
      for (const path of ['/api/v2/dressed', '/api/v2/dressed/piped']) {
        const response = await server.post(path, BODY);
        expect([response.status, await response.json()]).toEqual([
          200,
          { wrapped: ['channel_occupied'] },
        ]);
        const refused = await server.post(path, BODY, UNSIGNED);
        expect([refused.status, await refused.json()]).toEqual([
          418,
          { because: 'PUSHER_WEBHOOK_UNVERIFIED' },
        ]);
      }
    });
  },
);

@Injectable()
class Vault {
  readonly bodies = new Map([['7', BODY]]);
}

@Injectable()
class MyGuard extends PusherWebhookGuard {
  constructor(
    receiver: WebhookReceiver,
    private readonly vault: Vault,
  ) {
    super(receiver);
  }

  protected override async rawBodyOf(request: { headers: object }): Promise<string | undefined> {
    return await Promise.resolve(
      this.vault.bodies.get(Reflect.get(request.headers, 'x-body') as string),
    );
  }

  protected override appsOf(context: ExecutionContext): string[] {
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
    return [headers['x-app'] ?? ''];
  }

  protected override refusal(error: PusherWebhookError): HttpException {
    return new ForbiddenException(error.code);
  }
}

@Controller('mine')
class Mine {
  @Post()
  handle(@PusherWebhook({ guard: MyGuard }) webhook: Webhook): string {
    return webhook.app;
  }
}

describe.each(ADAPTERS)('a guard that extends PusherWebhookGuard, on %s', (_name, adapter) => {
  it('can find the body, choose the apps and decide which exception is thrown', async () => {
    await using server = await WebhookServer.start({
      adapter,
      controllers: [Mine],
      providers: [Vault],
    });
    const headers = { ...signedHeaders(BODY), 'x-body': '7', 'x-app': 'default' };
    expect((await server.post('/mine', '{}', headers)).status).toBe(200);
    const refused = await server.post('/mine', BODY, { ...headers, 'x-app': 'eu' });
    expect([refused.status, await refused.json()]).toMatchObject([
      403,
      { message: 'PUSHER_WEBHOOK_UNVERIFIED' },
    ]);
  });
});

describe('@PusherWebhook()', () => {
  it('throws where it does not belong, and when a second guard comes too late', () => {
    expect(() => {
      class Wrong {
        constructor(@PusherWebhook() readonly webhook: unknown) {}
      }
      return Wrong;
    }).toThrow('must be on a method');
    expect(() => {
      class Late {
        @PusherWebhook({ guard: MyGuard })
        handle(@PusherWebhook() webhook: unknown): unknown {
          return webhook;
        }
      }
      return Late;
    }).toThrow('Pass { guard } to that decorator instead');
  });
});
