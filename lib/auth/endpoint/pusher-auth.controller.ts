import type { IncomingHttpHeaders } from 'node:http';
import {
  Body,
  Controller,
  type ControllerOptions,
  ForbiddenException,
  Header,
  HttpCode,
  HttpStatus,
  Post,
  Req,
  Res,
  type Type,
} from '@nestjs/common';
import { AppRegistry } from '../../options/app-registry.js';
import { DEFAULT_APP } from '../../options/pusher-options.js';
import { LIMITS, type PusherLimits } from '../../protocol/limits.js';
import type { Fields } from '../../protocol/wire.js';
import { ChannelAuthBody, checked, paramsOf, UserAuthBody } from './auth-body.js';
import { bodyFields } from './read-body.js';
import {
  type AuthRequestParts,
  ChannelAuthRequest,
  UserAuthRequest,
} from '../rules/auth-request.js';
import type { ChannelAuthorization, UserAuthentication } from '../signing/channel-authorizer.js';
import { ChannelRules } from '../rules/channel-rules.js';
import { AuthEndpoint } from '../rules/auth-endpoint.decorator.js';
import { type NodeResponse, whileOpen } from './open-request.js';

/** How the endpoints for authorization are mounted. */
export interface PusherAuthControllerOptions {
  /** What stands before `/auth` and `/user-auth`, below the global prefix. @default 'pusher' */
  path?: string | string[];
  /** Version of the endpoints, when the application has versioning. */
  version?: ControllerOptions['version'];
  /** Name of the app that is signed for. @default the one without a name */
  app?: string;
  /** Gives the user of a request; `undefined`, `null`, `false` and an empty text are nobody. @default request.user */
  user?(this: void, request: unknown): unknown;
  /** Time that a rule has for its answer, in milliseconds; after it the answer is 403. @default 10000 */
  timeoutMs?: number;
  /** Decorators for the class: guards, interceptors, throttling. The last one is applied first. */
  decorators?: ClassDecorator[];
}

/** The part of a request that Express and Fastify have in common, and the user as guards leave it. */
interface HttpRequest {
  readonly headers: IncomingHttpHeaders;
  readonly user?: unknown;
  /** On Fastify the request of Node, where middleware leaves the user. */
  readonly raw?: { readonly user?: unknown };
}

const TIMEOUT_MS = 10_000;

/**
 * Makes a controller with the two endpoints that pusher-js asks: `POST /pusher/auth` answers with the
 * rules of `@AuthorizeChannel`, `POST /pusher/user-auth` with that of `@AuthenticateUser`. Each call
 * makes a class of its own; list it in the `controllers` of a module. No rule, no user, or a rule that
 * fails: 403.
 */
export function PusherAuthController({
  path = 'pusher',
  version,
  app = DEFAULT_APP,
  user = userOf,
  timeoutMs = TIMEOUT_MS,
  decorators = [],
}: PusherAuthControllerOptions = {}): Type<unknown> {
  @Controller(version === undefined ? { path } : { path, version })
  class PusherAuthEndpoint {
    constructor(
      private readonly rules: ChannelRules,
      private readonly apps: AppRegistry,
    ) {}

    @AuthEndpoint({ app })
    @Post('auth')
    @HttpCode(HttpStatus.OK)
    @Header('Cache-Control', 'no-store')
    async authorize(
      @Body() body: unknown,
      @Req() raw: HttpRequest,
      @Res({ passthrough: true }) response: NodeResponse,
    ): Promise<ChannelAuthorization> {
      const fields = bodyFields(body, raw.headers);
      const { socket_id, channel_name } = checked(new ChannelAuthBody(fields, this.#limits()));
      const answer = await whileOpen(response, timeoutMs, (signal) => {
        const request = new ChannelAuthRequest(sent(raw, fields, socket_id, signal), channel_name);
        return this.rules.authorize(request, () => user(raw));
      });
      return allowed(answer);
    }

    @Post('user-auth')
    @HttpCode(HttpStatus.OK)
    @Header('Cache-Control', 'no-store')
    async authenticate(
      @Body() body: unknown,
      @Req() raw: HttpRequest,
      @Res({ passthrough: true }) response: NodeResponse,
    ): Promise<UserAuthentication> {
      const fields = bodyFields(body, raw.headers);
      const { socket_id } = checked(new UserAuthBody(fields));
      const answer = await whileOpen(response, timeoutMs, (signal) => {
        const request = new UserAuthRequest(sent(raw, fields, socket_id, signal));
        return this.rules.authenticate(request, () => user(raw));
      });
      return allowed(answer);
    }

    #limits(): Readonly<PusherLimits> {
      return this.apps.find(app)?.limits ?? LIMITS.pusher;
    }
  }

  function sent(
    raw: HttpRequest,
    fields: Fields,
    socketId: string,
    signal: AbortSignal,
  ): AuthRequestParts {
    return { socketId, app, params: paramsOf(fields), headers: raw.headers, raw, signal };
  }

  // What counts requests by the name of the class, as the throttler does, counts for each app.
  Object.defineProperty(PusherAuthEndpoint, 'name', { value: `PusherAuthController_${app}` });
  for (const decorate of decorators.toReversed()) decorate(PusherAuthEndpoint);
  return PusherAuthEndpoint;
}

function userOf(request: unknown): unknown {
  const { user, raw } = request as HttpRequest;
  return user ?? raw?.user;
}

/** One text for every reason: a client does not learn which channels there are. */
function allowed<Answer>(answer: Answer | undefined): Answer {
  if (answer === undefined) throw new ForbiddenException('This is not allowed.');
  return answer;
}
