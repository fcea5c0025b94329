import type { IncomingHttpHeaders } from 'node:http';
import {
  type ControllerOptions,
  ForbiddenException,
  Header,
  HttpCode,
  HttpException,
  HttpStatus,
  Post,
  Req,
  Res,
  type Type,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { EndpointController } from '../../discovery/endpoint-controller.js';
import { DEFAULT_APP } from '../../options/pusher-options.js';
import { clearTimeout, setTimeout } from '../../runtime/clock.js';
import { decoratorOptions } from '../../options/validation/decorator-options.js';
import { argumentShape } from '../../protocol/arguments.js';
import { ChannelAuthRequest, UserAuthRequest, RequestLifetime } from '../rules/auth-request.js';
import { ClientDisconnected } from '../rules/app-rules.js';
import { AuthEndpoint, ChannelRules } from '../rules/channel-rules.js';
import { readChannelAuthBody, readUserAuthBody } from './read-body.js';

/** How the authorization endpoints are mounted. */
export interface PusherAuthControllerOptions {
  /** Path before `/auth` and `/user-auth`, after the global prefix. @default 'pusher' */
  path?: string | string[] | undefined;
  /** Version of the endpoints, if the application uses versioning. */
  version?: ControllerOptions['version'] | undefined;
  /** Host that requests must be for, as in `@Controller({ host })`. @default any */
  host?: ControllerOptions['host'] | undefined;
  /** Name of the app to sign for. @default the one without a name */
  app?: string | undefined;
  /**
   * Returns the user of a request. `undefined`, `null`, `false` and an empty string mean that nobody
   * is logged in. @default request.user
   */
  user?: UserOfRequest | undefined;
  /** How long a rule may take, in milliseconds; after that the response is 403. @default 10000 */
  timeoutMs?: number | undefined;
  /** Decorators for the class: guards, interceptors, throttling. The last one in the list is applied first. */
  decorators?: ClassDecorator[] | undefined;
}

/** A function that returns the user of a request. The request may be declared as what the application has. */
type UserOfRequest = { of(this: void, request: unknown): unknown }['of'];

const OPTIONS = argumentShape(
  'option',
  "{ path: 'pusher' }",
  ['path', 'version', 'host', 'app', 'user', 'timeoutMs', 'decorators'],
  {
    timeout: 'timeoutMs',
    name: 'app',
    apps: 'app',
    url: 'path',
    guards: 'decorators',
    getUser: 'user',
  },
);

/** The part of a request that Express and Fastify have in common, and the user as guards leave it. */
interface HttpRequest {
  readonly headers: IncomingHttpHeaders;
  /** Read from here, because the pipes of the application change what `@Body()` injects. */
  readonly body?: unknown;
  readonly user?: unknown;
  /** On Fastify the request of Node, where middleware leaves the user. */
  readonly raw?: { readonly user?: unknown };
}

/** The part of Node's response that says when the connection is closed. */
interface ClosableResponse {
  readonly destroyed: boolean;
  once(event: 'close', listener: () => void): unknown;
  off(event: 'close', listener: () => void): unknown;
}

/** The response of Express is Node's own; that of Fastify contains it. */
export type AdapterResponse = ClosableResponse | { readonly raw: ClosableResponse };

const TIMEOUT_MS = 10_000;

/** The first status that blames the server and not the client. */
const SERVER_ERROR = 500;

/**
 * Creates a controller with the two endpoints that pusher-js calls: `POST /pusher/auth` applies the
 * rules of `@AuthorizeChannel`, and `POST /pusher/user-auth` the one of `@AuthenticateUser`. Each call
 * returns a new class; list it in the `controllers` of a module. The response is 403 when there is no
 * rule or no user, and when the rule refuses or fails.
 */
export function PusherAuthController(options: PusherAuthControllerOptions = {}): Type<unknown> {
  const {
    path = 'pusher',
    version,
    host,
    app = DEFAULT_APP,
    user = userOf,
    timeoutMs = TIMEOUT_MS,
    decorators = [],
  } = decoratorOptions('PusherAuthController()', options, OPTIONS);
  const findsUser = user !== userOf || decorators.length > 0;

  @EndpointController({ name: `PusherAuthController_${app}`, path, version, host, decorators })
  class PusherAuthEndpoint {
    constructor(
      private readonly rules: ChannelRules,
      private readonly adapterHost: HttpAdapterHost,
    ) {}

    @AuthEndpoint({ app, findsUser })
    @Post('auth')
    @HttpCode(HttpStatus.OK)
    @Header('Cache-Control', 'no-store')
    authorize(@Req() raw: HttpRequest, @Res() response: AdapterResponse): Promise<void> {
      const { body, headers } = raw;
      return this.#respond(response, (lifetime) => {
        const limits = this.rules.limitsOf(app);
        const { socketId, params, channel } = readChannelAuthBody(body, headers, limits);
        const parts = { socketId, params, app, headers, raw, lifetime };
        const request = new ChannelAuthRequest(parts, channel);
        return this.rules.authorize(request, () => user(raw));
      });
    }

    @Post('user-auth')
    @HttpCode(HttpStatus.OK)
    @Header('Cache-Control', 'no-store')
    authenticate(@Req() raw: HttpRequest, @Res() response: AdapterResponse): Promise<void> {
      const { body, headers } = raw;
      return this.#respond(response, (lifetime) => {
        const { socketId, params } = readUserAuthBody(body, headers);
        const request = new UserAuthRequest({ socketId, params, app, headers, raw, lifetime });
        return this.rules.authenticate(request, () => user(raw));
      });
    }

    /**
     * Sends the response itself, refusals too: what interceptors of the application return in its place,
     * such as an envelope, is not what pusher-js reads. Sent as a string, it also passes what wraps
     * objects: a middleware in place of `response.json`, a `preSerialization` hook of Fastify.
     */
    async #respond(
      response: AdapterResponse,
      decide: (lifetime: RequestLifetime) => Promise<object | undefined>,
    ): Promise<void> {
      const lifetime = lifetimeOf(response, timeoutMs);
      let sent: AuthResponse;
      try {
        sent = responseOf(await decide(lifetime));
      } catch (error) {
        sent = refusalOf(error);
      } finally {
        lifetime.close();
      }
      const { httpAdapter } = this.adapterHost;
      // An interceptor with a time limit may have responded already.
      if (httpAdapter.isHeadersSent(response)) return;
      httpAdapter.setHeader(response, 'Content-Type', 'application/json; charset=utf-8');
      httpAdapter.reply(response, JSON.stringify(sent.body), sent.status);
    }
  }

  return PusherAuthEndpoint;
}

function userOf(request: unknown): unknown {
  const { user, raw } = request as HttpRequest;
  return user ?? raw?.user;
}

/** A response of the endpoints. */
interface AuthResponse {
  readonly status: number;
  readonly body: unknown;
}

/** One message for every refusal: a client does not learn which channels exist. */
function responseOf(result: object | undefined): AuthResponse {
  if (result === undefined) throw new ForbiddenException('This is not allowed.');
  return { status: HttpStatus.OK, body: result };
}

/** The response for a refusal. A fault of the application is left to its exception filters. */
function refusalOf(error: unknown): AuthResponse {
  if (!(error instanceof HttpException)) throw error;
  const status = error.getStatus();
  if (status >= SERVER_ERROR) throw error;
  return { status, body: error.getResponse() };
}

/** Ends when the client disconnects or after `timeoutMs` milliseconds. */
export function lifetimeOf(response: AdapterResponse, timeoutMs: number): RequestLifetime {
  return new RequestLifetime((end) => {
    const raw = 'raw' in response ? response.raw : response;
    const onClose = (): void => end(new ClientDisconnected());
    const timer = setTimeout(
      () => end(new Error(`not finished within ${timeoutMs} ms`)),
      timeoutMs,
    );
    // The connection keeps the process alive for as long as somebody waits on it.
    timer.unref();
    raw.once('close', onClose);
    if (raw.destroyed) onClose();
    return () => {
      clearTimeout(timer);
      raw.off('close', onClose);
    };
  });
}
