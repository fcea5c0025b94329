import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
  Injectable,
  Module,
  type ModuleMetadata,
  type NestApplicationOptions,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { PusherModuleOptions } from '../../../lib/options/pusher-module-options.js';
import { PusherModule } from '../../../lib/pusher.module.js';
import { MemoryLogger } from '../nest/memory-logger.js';
import type { MakeAdapter } from '../nest/adapters.js';

export const APP = { appId: '1', key: 'app-key', secret: 'app-secret', host: '127.0.0.1' } as const;

/** Somebody who is logged in. */
export interface TestUser {
  id: string;
}

/** Takes the user from a header, as a real guard would from a token; lets every request through. */
@Injectable()
export class HeaderUser implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{
      headers: Record<string, string | undefined>;
      user?: TestUser;
    }>();
    const id = request.headers['x-user'];
    if (id !== undefined) request.user = { id };
    return true;
  }
}

/** What a test application consists of, beside the module. */
export interface AuthServerParts extends ModuleMetadata {
  adapter: MakeAdapter;
  /** The apps, each with its name. @default one without a name */
  apps?: readonly (PusherModuleOptions & { name?: string })[];
  options?: NestApplicationOptions;
  /** Called before the application listens. */
  setup?: (app: INestApplication) => unknown;
}

/** Fields of a request, or a body that is sent as it is. */
export type TestBody = Readonly<Record<string, unknown>> | string;

/** The two forms in which clients send their fields. */
export const FORMS = ['form', 'json'] as const;
export type Form = (typeof FORMS)[number];

const TYPES = { form: 'application/x-www-form-urlencoded', json: 'application/json' } as const;

/** A listening Nest application with `PusherModule`. `await using` closes it. */
export class AuthServer implements AsyncDisposable {
  private constructor(
    readonly app: INestApplication,
    readonly log: string[],
  ) {}

  static async start({
    adapter,
    apps = [APP],
    options,
    setup,
    imports = [],
    ...parts
  }: AuthServerParts): Promise<AuthServer> {
    @Module({ imports: [...apps.map((app) => PusherModule.forRoot(app)), ...imports], ...parts })
    class TestModule {}
    const logger = new MemoryLogger('with stacks');
    const app = await NestFactory.create(TestModule, adapter(), {
      abortOnError: false,
      logger,
      ...options,
    });
    await setup?.(app);
    await app.listen(0, '127.0.0.1');
    return new AuthServer(app, logger.lines);
  }

  get url(): string {
    const { port } = (this.app.getHttpServer() as Server).address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Posts as a user, or without one. */
  post(
    path: string,
    body: TestBody,
    { form = 'form', user, headers }: PostOptions = {},
  ): Promise<Response> {
    return fetch(this.url + path, {
      method: 'POST',
      headers: {
        'content-type': TYPES[form],
        ...(user !== undefined && { 'x-user': user }),
        ...headers,
      },
      body: textOf(body, form),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.app.close();
  }
}

export interface PostOptions {
  form?: Form;
  /** Id of the user that `HeaderUser` finds. */
  user?: string;
  headers?: Record<string, string>;
}

/** As `qs` reads it: lists repeat the field, objects have brackets. */
function textOf(body: TestBody, form: Form): string {
  if (typeof body === 'string') return body;
  if (form === 'json') return JSON.stringify(body);
  return Object.entries(body)
    .flatMap(([name, value]) => pairsOf(name, value))
    .join('&');
}

function pairsOf(name: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => pairsOf(name, one));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([inner, one]) => pairsOf(`${name}[${inner}]`, one));
  return [`${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`];
}
