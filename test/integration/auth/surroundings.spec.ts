import { describe, expect, it } from '@jest/globals';
import {
  type ArgumentsHost,
  BadRequestException,
  type CallHandler,
  Catch,
  ClassSerializerInterceptor,
  type ExceptionFilter,
  type ExecutionContext,
  type HttpServer,
  type INestApplication,
  Injectable,
  type NestInterceptor,
  type PipeTransform,
  RequestTimeoutException,
  UseGuards,
} from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  catchError,
  map,
  type Observable,
  of,
  race,
  Subject,
  tap,
  throwError,
  timeout,
} from 'rxjs';
import {
  AuthenticateUser,
  AuthorizeChannel,
  type ChannelAuthRequest,
  PusherAuthController,
} from '../../../lib/index.js';
import {
  AuthServer,
  type AuthServerParts,
  type Form,
  FORMS,
  HeaderUser,
} from '../../support/auth/server.js';
import { ADAPTERS } from '../../support/nest/adapters.js';
import { sendOnWire } from '../../support/webhooks/wire.js';

@Injectable()
class Rules {
  release: () => void = () => undefined;
  params: object = {};
  #start: () => void = () => undefined;
  readonly started = new Promise<void>((resolve) => (this.#start = resolve));

  @AuthorizeChannel('private-{name}')
  see(_user: unknown, { name }: { name: string }, { params }: ChannelAuthRequest): boolean {
    this.params = { ...params };
    return name === 'open';
  }

  @AuthorizeChannel('private-slow.{name}')
  slow(_user: unknown, _params: unknown, _request: ChannelAuthRequest): Promise<boolean> {
    this.#start();
    return new Promise((resolve) => (this.release = () => resolve(true)));
  }

  @AuthenticateUser()
  whoIs({ id }: { id: string }): { id: string } {
    return { id };
  }
}

/** An interceptor that changes what passes through it. */
function interceptor(
  change: (result: Observable<unknown>) => Observable<unknown>,
): NestInterceptor {
  return { intercept: (_context: ExecutionContext, next: CallHandler) => change(next.handle()) };
}

const INTERCEPTORS: [string, NestInterceptor][] = [
  ['wraps responses', interceptor((result) => result.pipe(map((data) => ({ data }))))],
  [
    'turns errors into responses',
    interceptor((result) => result.pipe(catchError(() => of({ success: false })))),
  ],
  [
    'replaces errors',
    interceptor((result) =>
      result.pipe(catchError(() => throwError(() => new BadRequestException('mine')))),
    ),
  ],
  ['has a time limit', interceptor((result) => result.pipe(timeout(60_000)))],
  ['serializes', new ClassSerializerInterceptor(new Reflector())],
  ['removes empty values', interceptor((result) => result.pipe(map((data) => data ?? null)))],
];

/** Wraps every object that is sent: with a middleware on Express, with hooks on Fastify. */
function wrapObjects(app: INestApplication): void {
  const adapter: HttpServer = app.get(HttpAdapterHost).httpAdapter;
  if (adapter.getType() === 'fastify')
    (app as NestFastifyApplication)
      .getHttpAdapter()
      .getInstance()
      .setReplySerializer((data) => JSON.stringify({ serialized: data }))
      .addHook('preSerialization', async (_request, _reply, data) => ({ data }));
  else
    app.use((_request: unknown, response: ExpressResponse, next: () => void) => {
      const send = response.json.bind(response);
      response.json = (data) => send({ data });
      next();
    });
}

interface ExpressResponse {
  json(data: unknown): unknown;
}

/** Has all bodies read and none of them parsed. */
function leaveAs(app: INestApplication, kind: 'text' | 'bytes'): void {
  const adapter: HttpServer = app.get(HttpAdapterHost).httpAdapter;
  if (adapter.getType() === 'fastify') {
    const fastify = (app as NestFastifyApplication).getHttpAdapter().getInstance();
    const parseAs = kind === 'text' ? 'string' : 'buffer';
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', { parseAs }, (_request, body, done) => done(null, body));
  } else {
    const parser = kind === 'text' ? 'text' : 'raw';
    (app as NestExpressApplication).useBodyParser(parser, { type: '*/*' });
  }
}

/** Answers everything with 200, as some applications do. */
@Catch()
class AlwaysOk implements ExceptionFilter {
  constructor(private readonly host: HttpAdapterHost) {}

  catch(_error: unknown, host: ArgumentsHost): void {
    this.host.httpAdapter.reply(host.switchToHttp().getResponse(), { success: false }, 200);
  }
}

function start(parts: Partial<AuthServerParts> & Pick<AuthServerParts, 'adapter'>) {
  return AuthServer.start({
    providers: [Rules],
    controllers: [PusherAuthController({ decorators: [UseGuards(HeaderUser)] })],
    ...parts,
  });
}

/** Status, content type, caching and body of a response. */
async function shown(response: Response): Promise<unknown[]> {
  const { headers, status } = response;
  return [status, headers.get('content-type'), headers.get('cache-control'), await response.json()];
}

const JSON_TYPE = expect.stringMatching(/^application\/json; ?charset=utf-8$/i);
const OPEN = { socket_id: '1.1', channel_name: 'private-open' };
const DENIED = { socket_id: '1.1', channel_name: 'private-denied' };
const AUTH = expect.stringMatching(/^app-key:[0-9a-f]{64}$/);
const FORBIDDEN = { statusCode: 403, error: 'Forbidden', message: 'This is not allowed.' };

describe.each(ADAPTERS)('PusherAuthController on %s', (_name, adapter) => {
  const expectIntact = async (server: AuthServer): Promise<void> => {
    const post = async (path: string, body: Record<string, unknown>) =>
      shown(await server.post(path, body, { user: '7' }));
    expect(await post('/pusher/auth', OPEN)).toEqual([200, JSON_TYPE, 'no-store', { auth: AUTH }]);
    expect(await post('/pusher/auth', DENIED)).toEqual([403, JSON_TYPE, 'no-store', FORBIDDEN]);
    expect(await post('/pusher/auth', {})).toEqual([
      400,
      JSON_TYPE,
      'no-store',
      expect.objectContaining({
        message: [
          expect.stringMatching(/^channel_name must/),
          expect.stringMatching(/^socket_id must/),
        ],
      }),
    ]);
    expect(await post('/pusher/user-auth', OPEN)).toEqual([
      200,
      JSON_TYPE,
      'no-store',
      { auth: AUTH, user_data: '{"id":"7"}' },
    ]);
    expect(await post('/pusher/user-auth', {})).toEqual([
      400,
      JSON_TYPE,
      'no-store',
      expect.objectContaining({ statusCode: 400 }),
    ]);
    expect(server.log.filter((line) => !line.startsWith('debug: '))).toEqual([]);
  };

  it.each(INTERCEPTORS)(
    'sends its own response past an interceptor that %s',
    async (_case, one) => {
      await using server = await start({ adapter, setup: (app) => app.useGlobalInterceptors(one) });
      await expectIntact(server);
    },
  );

  it('sends its own response past all of these interceptors at once', async () => {
    await using server = await start({
      adapter,
      setup: (app) => app.useGlobalInterceptors(...INTERCEPTORS.map(([, one]) => one)),
    });
    await expectIntact(server);
  });

  it('refuses with its own response past a filter that answers errors with 200', async () => {
    await using server = await start({
      adapter,
      setup: (app) => app.useGlobalFilters(new AlwaysOk(app.get(HttpAdapterHost))),
    });
    await expectIntact(server);
  });

  it('sends its own response past what wraps every object of the HTTP server', async () => {
    await using server = await start({ adapter, setup: wrapObjects });
    await expectIntact(server);
  });

  it('reads the body past a pipe that renames fields', async () => {
    const rename: PipeTransform = {
      transform: (value: object) =>
        Object.fromEntries(Object.entries(value).map(([name, each]) => [`my-${name}`, each])),
    };
    await using server = await start({ adapter, setup: (app) => app.useGlobalPipes(rename) });
    await expectIntact(server);
  });

  it.each(['text', 'bytes'] as const)('reads bodies that a parser leaves as %s', async (kind) => {
    await using server = await start({
      adapter,
      options: { bodyParser: false },
      setup: (app) => leaveAs(app, kind),
    });
    const post = async (body: Record<string, unknown> | string, form: Form) => {
      const response = await server.post('/pusher/auth', body, { user: '7', form });
      return [response.status, await response.json()];
    };
    const params = { ...OPEN, tenant: 'grün', list: ['a', 'b'] };
    for (const form of FORMS) {
      expect(await post(params, form)).toEqual([200, { auth: AUTH }]);
      expect(server.app.get(Rules).params).toEqual({ tenant: 'grün', list: ['a', 'b'] });
      const twice = { ...OPEN, socket_id: ['1.1', '1.2'] };
      for (const wrong of [twice, { ...OPEN, ['__proto__']: 'x' }, ''])
        expect(await post(wrong, form)).toEqual([400, expect.anything()]);
    }
    expect(await post('{"socket_id":', 'json')).toEqual([400, expect.anything()]);
  });

  it('is mounted for one host', async () => {
    await using server = await start({
      adapter,
      controllers: [
        PusherAuthController({
          host: ':tenant.example.com',
          decorators: [UseGuards(HeaderUser)],
        }),
      ],
    });
    const port = Number(new URL(server.url).port);
    const body = Buffer.from(JSON.stringify(OPEN));
    const statusFor = (host: string) =>
      sendOnWire(port, {
        path: '/pusher/auth',
        headers: [
          ['Host', host],
          ['Content-Type', 'application/json'],
          ['Content-Length', String(body.length)],
          ['X-User', '7'],
        ],
        body,
      });
    expect(await statusFor('north.example.com')).toBe(200);
    expect(await statusFor('example.com')).toBe(404);
  });

  it('lets an interceptor observe, and set headers', async () => {
    const observed: string[] = [];
    const observer: NestInterceptor = {
      intercept: (context, next) => {
        const http: HttpServer = server.app.get(HttpAdapterHost).httpAdapter;
        http.setHeader?.(context.switchToHttp().getResponse(), 'x-request-id', '42');
        return next.handle().pipe(tap({ complete: () => observed.push(context.getClass().name) }));
      },
    };
    await using server = await start({
      adapter,
      setup: (app) => app.useGlobalInterceptors(observer),
    });
    const response = await server.post('/pusher/auth', OPEN, { user: '1' });
    expect(response.headers.get('x-request-id')).toBe('42');
    await server.post('/pusher/auth', DENIED, { user: '1' });
    expect(observed).toEqual(['PusherAuthController_default', 'PusherAuthController_default']);
  });

  it('does not respond a second time after an interceptor has given up', async () => {
    const givesUp = new Subject<never>();
    const impatient = interceptor((result) => race(result, givesUp));
    await using server = await start({
      adapter,
      setup: (app) => app.useGlobalInterceptors(impatient),
    });
    const rules = server.app.get(Rules);
    const response = server.post(
      '/pusher/auth',
      { ...OPEN, channel_name: 'private-slow.a' },
      { user: '1' },
    );
    await rules.started;
    givesUp.error(new RequestTimeoutException());
    expect((await response).status).toBe(408);
    rules.release();
    await new Promise((resolve) => setImmediate(resolve));
    expect(server.log.filter((line) => !line.startsWith('debug: '))).toEqual([]);
  });

  it('leaves preflight requests and other methods to the application', async () => {
    await using server = await start({
      adapter,
      setup: (app) => app.enableCors({ origin: 'https://a.example', credentials: true }),
    });
    const origin = { origin: 'https://a.example', 'access-control-request-method': 'POST' };
    const preflight = await fetch(`${server.url}/pusher/auth`, {
      method: 'OPTIONS',
      headers: origin,
    });
    expect(preflight.status).toBe(204);
    const response = await server.post('/pusher/auth', OPEN, { user: '1', headers: origin });
    expect(response.headers.get('access-control-allow-origin')).toBe('https://a.example');
    expect(response.status).toBe(200);
    for (const method of ['GET', 'HEAD'])
      expect((await fetch(`${server.url}/pusher/auth`, { method })).status).toBe(404);
  });
});

describe.each(ADAPTERS)('PusherAuthController without a guard, on %s,', (_name, adapter) => {
  const warnings = ({ log }: AuthServer): string[] =>
    log.filter((line) => line.startsWith('warn: '));

  it('warns once that nobody is logged in, and says where it looked and what to write', async () => {
    await using server = await start({ adapter, controllers: [PusherAuthController()] });
    for (let time = 0; time < 3; time++)
      expect((await server.post('/pusher/auth', OPEN)).status).toBe(403);
    expect((await server.post('/pusher/user-auth', OPEN)).status).toBe(403);
    expect(warnings(server)).toEqual([
      'warn: Refused "private-open": nobody is logged in. PusherAuthController looked at request.user, which no guard or middleware has set. Add the guard that sets it, PusherAuthController({ decorators: [UseGuards(AuthGuard)] }), or return the user yourself, PusherAuthController({ user: (request) => request.session.user }). Further refusals of this kind are logged at debug level.',
    ]);
    expect(server.log.filter((line) => line.includes('the request has no user'))).toHaveLength(4);
  });

  it('does not warn once a request has had a user', async () => {
    const setup: AuthServerParts['setup'] = (app) => app.useGlobalGuards(new HeaderUser());
    await using server = await start({ adapter, setup, controllers: [PusherAuthController()] });
    expect((await server.post('/pusher/auth', OPEN, { user: '1' })).status).toBe(200);
    expect((await server.post('/pusher/auth', OPEN)).status).toBe(403);
    expect(warnings(server)).toEqual([]);
  });

  it.each([
    ['a guard', { decorators: [UseGuards(HeaderUser)] }],
    ['the option `user`', { user: () => undefined }],
  ])('does not warn when it has %s', async (_case, options) => {
    await using server = await start({ adapter, controllers: [PusherAuthController(options)] });
    expect((await server.post('/pusher/auth', OPEN)).status).toBe(403);
    expect(warnings(server)).toEqual([]);
  });
});
