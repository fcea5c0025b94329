import type { INestApplication, NestApplicationOptions, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Options } from 'pusher-js';
import { next, PusherJs, type PusherClient } from '../support/testing/clients.js';

/** A sample that listens on a free port, with real clients. `await using` closes all of it. */
export class RunningSample implements AsyncDisposable {
  readonly #clients: PusherClient[] = [];

  private constructor(
    readonly app: INestApplication,
    readonly url: string,
  ) {}

  /** @param server a server to use instead of the stand-in in the process of the sample */
  static async start(
    appModule: Type<unknown>,
    options: NestApplicationOptions = {},
    server?: { url: string; masterKey: string },
  ): Promise<RunningSample> {
    process.env['PUSHER_URL'] = server?.url ?? '';
    process.env['PUSHER_ENCRYPTION_MASTER_KEY'] = server?.masterKey ?? '';
    const app = await NestFactory.create(appModule, {
      logger: false,
      abortOnError: false,
      ...options,
    });
    await app.listen(0, '127.0.0.1');
    return new RunningSample(app, await app.getUrl());
  }

  post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  /** Content type and body of what the sample serves at the path. */
  async served(path: string): Promise<[type: string | null, body: string]> {
    const response = await fetch(this.url + path);
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return [response.headers.get('content-type'), await response.text()];
  }

  /** A connected pusher-js, configured as on the page. @param headers for requests to the endpoints */
  async client(headers: Record<string, string> = {}): Promise<PusherClient> {
    const [, config] = await this.served('/config');
    const { key, options } = JSON.parse(config) as { key: string; options: Options };
    const client = new PusherJs(key, {
      ...options,
      channelAuthorization: this.#endpoint('auth', headers),
      userAuthentication: this.#endpoint('user-auth', headers),
    });
    this.#clients.push(client);
    await next(client.connection, 'connected');
    return client;
  }

  #endpoint(name: string, headers: Record<string, string>) {
    return { endpoint: `${this.url}/pusher/${name}`, transport: 'ajax' as const, headers };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.disconnect();
    await this.app.close();
  }
}
