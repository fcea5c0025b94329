import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import type { INestApplication, NestApplicationOptions, ModuleMetadata } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { PusherModuleOptions } from '../../../lib/options/pusher-module-options.js';
import { PusherModule } from '../../../lib/pusher.module.js';
import { Clock, SystemClock } from '../../../lib/runtime/clock.js';
import { CREDENTIALS, type TestCredentials } from './apps.js';
import { signedHeaders } from './signing.js';
import { MemoryLogger } from '../nest/memory-logger.js';
import type { MakeAdapter } from '../nest/adapters.js';

/** An app as an application registers it. */
export type RegisteredApp = PusherModuleOptions & { name?: string };

/** Options of an app with the key and secret of the tests, unless others are given. */
export function registered({
  credentials = CREDENTIALS,
  ...rest
}: RegisteredApp & { credentials?: TestCredentials } = {}): RegisteredApp {
  return { appId: `id-of-${rest.name ?? 'default'}`, ...credentials, ...rest };
}

/** The parts of a test application. */
export interface WebhookServerParts extends ModuleMetadata {
  adapter: MakeAdapter;
  apps?: readonly RegisteredApp[];
  clock?: Clock;
  options?: NestApplicationOptions;
  /** Called before the application listens. */
  setup?: (app: INestApplication) => void;
}

/** A listening Nest application that keeps raw bodies. Closed at the end of `await using`. */
export class WebhookServer implements AsyncDisposable {
  private constructor(
    readonly app: INestApplication,
    private readonly lines: readonly string[],
  ) {}

  static async start({
    adapter,
    apps = [registered()],
    clock = new SystemClock(),
    options,
    setup,
    imports = [],
    ...parts
  }: WebhookServerParts): Promise<WebhookServer> {
    const logger = new MemoryLogger();
    const module = await Test.createTestingModule({
      imports: [...apps.map((app) => PusherModule.forRoot(app)), ...imports],
      ...parts,
    })
      .overrideProvider(Clock)
      .useValue(clock)
      .setLogger(logger)
      .compile();
    const app = module.createNestApplication(adapter(), { rawBody: true, logger, ...options });
    setup?.(app);
    await app.listen(0, '127.0.0.1');
    return new WebhookServer(app, logger.lines);
  }

  /** What was logged, as `level: message`, without the lines at debug level. */
  get log(): readonly string[] {
    return this.lines.filter((line) => !line.startsWith('debug: '));
  }

  /** What was logged at debug level. */
  get debugLog(): readonly string[] {
    return this.lines.flatMap((line) =>
      line.startsWith('debug: ') ? line.slice('debug: '.length) : [],
    );
  }

  get port(): number {
    return ((this.app.getHttpServer() as Server).address() as AddressInfo).port;
  }

  /** Posts a body, with a valid signature unless headers are given. */
  post(
    path: string,
    body: string | Buffer,
    headers: Record<string, string> = signedHeaders(body),
  ): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.port}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers,
      // Bytes, because fetch would add a content type to a string.
      body: typeof body === 'string' ? Buffer.from(body) : body,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.app.close();
  }
}
