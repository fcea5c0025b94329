import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Options } from 'pusher-js';
import { PusherTestServer, signWebhook } from '../../lib/testing/index.js';
import { next, type PusherClient, PusherJs } from '../support/testing/clients.js';
import { Program } from './checkout.js';
import { compilerErrors, consumer, run } from './packed.js';
import { packagesToInstall } from './readme-steps.js';

const MINUTES = 60_000;

/** What the application has besides Nest and this package. */
const OTHERS = [
  '@apollo/server@5.5.1',
  '@as-integrations/express5@1.1.2',
  '@nestjs/throttler@6.7.1',
  '@types/express-session@1.19.0',
  'class-transformer@0.5.1',
  'express-session@1.19.0',
  'graphql@16.15.0',
  'helmet@8.3.0',
];
const OF_NEST = {
  'nest11-new': ['@nestjs/apollo@13.4.5', '@nestjs/graphql@13.4.5', '@nestjs/jwt@11.0.2'],
  'nest12-new': ['@nestjs/apollo@14.0.3', '@nestjs/graphql@14.0.3', '@nestjs/jwt@12.0.2'],
};
type Name = keyof typeof OF_NEST;

/** Their types import packages that are optional and not installed. All others compile. */
const BROKEN_TYPES = /^node_modules\/(?:@nestjs\/(?:apollo|graphql)|subscriptions-transport-ws)\//;

/** The application of `apps/everything`, built with `tsc` and started with `node`. */
class Application {
  readonly #clients: PusherClient[] = [];

  static async start(name: Name): Promise<Application> {
    const folder = await consumer(name, ...packagesToInstall(), ...OTHERS, ...OF_NEST[name]);
    cpSync(join(import.meta.dirname, 'apps/everything'), folder, { recursive: true });
    if (name === 'nest11-new') importAsCommonJs(join(folder, 'src'));
    const errors = await compilerErrors(folder, 'tsconfig.strict.json');
    const server = await PusherTestServer.start();
    const program = new Program(folder, 'node', ['dist/main.js'], { PUSHER_URL: server.url });
    const address = await program.printed(/Listening on (\S+)/);
    server.sendWebhooksTo(`${address}/api/v1/pusher/webhooks`);
    return new Application(folder, errors, server, program, address);
  }

  private constructor(
    readonly folder: string,
    readonly errors: readonly string[],
    readonly server: PusherTestServer,
    readonly program: Program,
    readonly address: string,
  ) {}

  async post(path: string, body: object | string, headers: Record<string, string> = {}) {
    const response = await fetch(this.address + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const parsed: unknown = await response.json();
    const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
    return { status: response.status, body: parsed, cookie };
  }

  /** The headers of a user who has logged in: with a token, or with a session. */
  async login(): Promise<{ byToken: { authorization: string }; bySession: { cookie: string } }> {
    const { body, cookie } = await this.post('/api/v1/login', { name: 'ada' });
    const { data } = body as { data: { token: string } };
    return { byToken: { authorization: `Bearer ${data.token}` }, bySession: { cookie } };
  }

  /** A connected pusher-js with what the application says that it needs. */
  async client(headers: Record<string, string>): Promise<PusherClient> {
    const response = await fetch(`${this.address}/api/v1/config`);
    const { data } = (await response.json()) as { data: Required<Options> & { key: string } };
    const { key, channelAuthorization, userAuthentication, ...options } = data;
    const client = new PusherJs(key, {
      ...options,
      channelAuthorization: { ...channelAuthorization, headers },
      userAuthentication: { ...userAuthentication, headers },
    });
    this.#clients.push(client);
    await next(client.connection, 'connected');
    return client;
  }

  /** What was published on a channel: the name of each event, and the connection that was left out. */
  publishedOn(channel: string): [string, string | undefined][] {
    const events = this.server.published().filter(({ channels }) => channels.includes(channel));
    return events.map(({ event, socketId }) => [event, socketId]);
  }

  async end(): Promise<void> {
    for (const client of this.#clients) client.disconnect();
    await this.program.end('SIGINT');
    await this.server.stop();
  }
}

describe('with a response envelope, global guards, a strict pipe, a filter, prefix, versions, helmet, a session and GraphQL', () => {
  const applications = new Map<Name, Application>();

  beforeAll(async () => {
    const names = Object.keys(OF_NEST) as Name[];
    await Promise.all(
      names.map(async (name) => applications.set(name, await Application.start(name))),
    );
  }, 6 * MINUTES);
  afterAll(() => Promise.all([...applications.values()].map((app) => app.end())));

  describe.each(Object.keys(OF_NEST) as Name[])('%s', (name) => {
    let app: Application;
    beforeAll(() => {
      const started = applications.get(name);
      if (started !== undefined) app = started;
    });

    it('compiles with exactOptionalPropertyTypes and without skipLibCheck', () => {
      expect(app.errors.filter((line) => !BROKEN_TYPES.test(line))).toEqual([]);
    });

    it('sends to pusher-js what routes and resolvers trigger, and leaves out the sender', async () => {
      const { byToken } = await app.login();
      const client = await app.client(byToken);
      const orders = client.subscribe('private-orders.ada-1');
      await next(orders, 'pusher:subscription_succeeded');

      const paid = next(orders, 'order.paid');
      const response = await app.post('/api/v1/orders/ada-1/pay', { cents: 1 }, byToken);
      expect(response).toMatchObject({ status: 201, body: { data: { id: 'ada-1', cents: 1 } } });
      await expect(paid).resolves.toEqual({ id: 'ada-1', cents: 1 });

      const sender = { ...byToken, 'x-socket-id': client.connection.socket_id };
      const mutate = (call: string) =>
        app.post('/graphql', { query: `mutation { result: ${call} { id cents } }` }, sender);
      const mutations = [
        await mutate('payOrder(id: "ada-1", cents: 2)'),
        await mutate('refundOrder(id: "ada-1")'),
      ];
      expect(mutations.map(({ body }) => body)).toEqual([
        { data: { result: { id: 'ada-1', cents: 2 } } },
        { data: { result: { id: 'ada-1', cents: 0 } } },
      ]);
      expect(app.publishedOn('private-orders.ada-1')).toEqual([
        ['order.paid', undefined],
        ['order.paid', client.connection.socket_id],
        ['order.refunded', client.connection.socket_id],
      ]);
    });

    it('lets pusher-js join and sign in', async () => {
      const { byToken } = await app.login();
      const client = await app.client(byToken);
      const shop = client.subscribe('presence-shop');
      await expect(next(shop, 'pusher:subscription_succeeded')).resolves.toMatchObject({
        me: { id: 'ada', info: { name: 'ada' } },
      });
      client.signin();
      await client.user.signinDonePromise;
      expect(client.user.user_data).toEqual({ id: 'ada' });
    });

    it.each(['byToken', 'bySession'] as const)(
      'wraps neither an authorization nor a refusal in the envelope: %s',
      async (way) => {
        const headers = (await app.login())[way];
        const authorize = (channel: string) =>
          app.post('/api/v1/pusher/auth', { socket_id: '1.2', channel_name: channel }, headers);
        expect(await authorize('private-orders.ada-2')).toMatchObject({
          status: 200,
          body: { auth: expect.stringMatching(/^test-key-1:[0-9a-f]{64}$/) },
        });
        expect(await authorize('private-orders.bob-2')).toMatchObject({
          status: 403,
          body: { statusCode: 403, error: 'Forbidden', message: 'This is not allowed.' },
        });
      },
    );

    it('responds to a wrong token with the filter of the application, and signs nothing', async () => {
      const body = { socket_id: '1.2', channel_name: 'private-orders.ada-3' };
      const { byToken } = await app.login();
      const wrong = { authorization: `${byToken.authorization}x` };
      for (const path of ['/api/v1/pusher/auth', '/api/v1/pusher/user-auth'])
        expect(await app.post(path, body, wrong)).toMatchObject({
          status: 401,
          body: { failure: { status: 401 } },
        });
    });

    it('receives webhooks, which have no user, at both kinds of endpoints', async () => {
      const { byToken } = await app.login();
      const client = await app.client(byToken);
      client.subscribe('private-orders.ada-4');
      await app.program.printed(/(Somebody is looking at order ada-4\.)/);

      const events = [{ name: 'channel_vacated', channel: 'private-orders.ada-4' }] as const;
      const { body, headers } = signWebhook({ events }, app.server.options);
      const audit = '/api/v1/audit';
      expect(await app.post(audit, body, headers)).toMatchObject({
        status: 200,
        body: { data: ['channel_vacated'] },
      });
      expect(await app.post(audit, `${body} `, headers)).toMatchObject({ status: 401 });
    });

    it('leaves the strict pipe and the throttler as they are', async () => {
      const { byToken } = await app.login();
      const pay = await app.post(
        '/api/v1/orders/ada-5/pay',
        { cents: 1, currency: 'EUR' },
        byToken,
      );
      const refund = () => app.post('/api/v1/orders/ada-5/refund', {}, byToken);
      const refunds = [await refund(), await refund()];
      expect([pay, ...refunds].map(({ status }) => status)).toEqual([400, 201, 429]);
      expect(app.publishedOn('private-orders.ada-5')).toEqual([['order.refunded', undefined]]);
    });

    it(
      'passes its own tests',
      async () => {
        await run(app.folder, 'npm', 'test');
      },
      2 * MINUTES,
    );
  });
});

/** Writes relative imports as a new application of Nest 11 has them. */
function importAsCommonJs(folder: string): void {
  for (const file of readdirSync(folder)) {
    const code = readFileSync(join(folder, file), 'utf8');
    writeFileSync(join(folder, file), code.replaceAll(/(from '\.[^']*)\.js'/g, "$1'"));
  }
}
