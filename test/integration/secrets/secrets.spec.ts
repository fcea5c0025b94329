import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import { Controller, Injectable, Module, Post } from '@nestjs/common';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { AxiosError } from 'axios';
import request from 'supertest';
import {
  AuthenticateUser,
  AuthorizeChannel,
  OnPusherWebhook,
  PusherAuthController,
  PusherModule,
  PusherService,
  PusherWebhookController,
} from '../../../lib/index.js';
import { MODULE_OPTIONS, httpToken } from '../../../lib/pusher.tokens.js';
import { AppRegistry } from '../../../lib/options/app-registry.js';
import { signWebhook } from '../../../lib/testing/index.js';
import { type Behaviour, EchoServer } from '../../support/http/echo-server.js';
import { InspectingLogger, everythingShown } from '../../support/nest/everything-shown.js';

const SECRET = 'marker-secret:with%25odd/chars';
const OLD_SECRET = 'marker-old-secret';
const HEADER = 'Bearer marker-header-token';
const MASTER_KEY = createHash('sha256').update('marker-master-key').digest();
const CHANNEL = 'private-encrypted-orders.7';
const SHARED_SECRET = createHash('sha256').update(CHANNEL).update(MASTER_KEY).digest();

const FORBIDDEN = [
  'marker-secret',
  'marker-old-secret',
  'marker-header-token',
  encodeURIComponent(SECRET),
  MASTER_KEY.toString('base64'),
  MASTER_KEY.toString('hex'),
  SHARED_SECRET.toString('base64'),
  SHARED_SECRET.toString('hex'),
];

@Injectable()
class Rules {
  @AuthorizeChannel('private-encrypted-orders.{id}')
  orders(_user: unknown, { id }: { id: string }): boolean {
    if (id === '7') throw new Error('the rule failed');
    return true;
  }

  @AuthenticateUser()
  whoIs(): never {
    throw new Error('the rule failed');
  }

  @OnPusherWebhook('channel_occupied')
  occupied(): void {
    throw new Error('the handler failed');
  }
}

@Controller()
class Failing {
  constructor(private readonly pusher: PusherService) {}

  /** Lets the error through to Nest, which logs it. */
  @Post('trigger')
  async trigger(): Promise<void> {
    await this.pusher.trigger('news', 'e', { secret: 'no marker' });
  }
}

const BEHAVIOURS: Record<string, Behaviour> = {
  ...Object.fromEntries(
    [200, 400, 401, 403, 404, 413, 422, 429, 500, 503].map((status) => [
      `echoes with ${status}`,
      (_request, response, { text }) => void response.writeHead(status).end(text),
    ]),
  ),
  'echoes as soketi does': (_request, response, { text }) =>
    void response.end(JSON.stringify({ error: text, code: 401 })),
  'echoes percent-encoded': (_request, response, { text }) =>
    void response.writeHead(400).end(encodeURIComponent(text)),
  'reveals the secret': (_request, response) =>
    void response.writeHead(401).end(`use ${SECRET} or ${MASTER_KEY.toString('base64')}`),
  redirects: (_request, response, { url }) =>
    void response.writeHead(301, { location: `https://key:pass@other${url}` }).end(),
  'closes the connection': (_request, response) => void response.destroy(),
  'cuts off the response': (_request, response, { text }) => {
    response.writeHead(200, { 'content-length': '100000' }).write(text);
    setImmediate(() => response.destroy());
  },
  'responds with a broken head': (_request, response, { url }) => {
    response.socket?.end(`HTTP/1.1 200 OK\r\n${url}\r\n\r\n`);
  },
};

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('nothing secret', () => {
  const logger = new InspectingLogger();
  let server: EchoServer;
  let app: NestExpressApplication;
  let pusher: PusherService;

  beforeAll(async () => {
    server = await EchoServer.start();
    @Module({
      imports: [
        PusherModule.forRoot({
          appId: '3',
          key: 'key',
          secret: SECRET,
          host: '127.0.0.1',
          port: server.port,
          useTLS: false,
          encryptionMasterKeyBase64: MASTER_KEY.toString('base64'),
          previousCredentials: [
            {
              key: 'old',
              secret: OLD_SECRET,
            },
          ],
          http: { headers: { Authorization: HEADER } },
          retry: {
            maxAttempts: 2,
            baseDelayMs: 0,
            maxDelayMs: 0,
          },
        }),
      ],
      providers: [Rules],
      controllers: [
        Failing,
        PusherAuthController({ user: () => ({ id: 1 }) }),
        PusherWebhookController(),
      ],
    })
    class AppModule {}
    app = await NestFactory.create<NestExpressApplication>(AppModule, { logger, rawBody: true });
    await app.listen(0, '127.0.0.1');
    pusher = app.get(PusherService);
  });

  afterAll(async () => {
    await app.close();
    await server.stop();
  });

  /** The secrets in the string, including signatures that were sent. */
  function leaksIn(text: string): string[] {
    const found = [...FORBIDDEN, ...server.signatures()].filter((secret) => text.includes(secret));
    return [...found, ...(text.match(/auth_signature=(?!\[redacted\]).{0,9}/g) ?? [])];
  }

  const calls: Record<string, () => Promise<unknown>> = {
    trigger: () => pusher.trigger('news', 'e', { n: 1 }),
    'sealed trigger': () => pusher.trigger(CHANNEL, 'e', { n: 1 }),
    triggerBatch: () => pusher.triggerBatch([{ channel: 'news', event: 'e', data: 1 }]),
    channels: () => pusher.channels({ prefix: 'presence-' }),
    get: () => pusher.get('/anything', { marker: 'visible' }),
    terminate: () => pusher.terminateUserConnections('1'),
  };

  async function everythingThatComesOut(): Promise<string> {
    const results = await Promise.allSettled(Object.values(calls).map((call) => call()));
    const response = await request(app.getHttpServer()).post('/trigger');
    return [
      ...results.map((result) => everythingShown(result)),
      ...results.map((result) => everythingShown('reason' in result ? result.reason : '')),
      response.text,
      ...logger.lines,
    ].join('\n');
  }

  it.each(Object.entries(BEHAVIOURS))('comes out when a server %s', async (_what, behaviour) => {
    server.behave(behaviour);
    const shown = await everythingThatComesOut();
    expect(server.signatures().length).toBeGreaterThan(0);
    expect(leaksIn(shown)).toEqual([]);
  });

  it('comes out of interceptors that throw what they see', async () => {
    const { axiosRef } = await app.resolve<HttpService>(httpToken());
    server.behave((_request, response) => void response.end('{}'));
    const eject = [
      (config: object) => {
        throw Object.assign(new Error(`failed for ${everythingShown(config)}`), { config });
      },
      (config: object) => {
        throw new AxiosError(everythingShown(config), 'ECUSTOM', config as never);
      },
      (config: object) => {
        throw everythingShown(config);
      },
    ];
    for (const thrower of eject) {
      const id = axiosRef.interceptors.request.use(thrower);
      expect(leaksIn(await everythingThatComesOut())).toEqual([]);
      axiosRef.interceptors.request.eject(id);
      const other = axiosRef.interceptors.response.use((response) => thrower(response.config));
      expect(leaksIn(await everythingThatComesOut())).toEqual([]);
      axiosRef.interceptors.response.eject(other);
    }
  });

  it('comes out of refused authorizations', async () => {
    const http = request(app.getHttpServer());
    const bodies = [
      { socket_id: '1.2', channel_name: CHANNEL },
      { socket_id: '1.2', channel_name: 'private-unknown' },
      { socket_id: 'x', channel_name: CHANNEL },
      {},
    ];
    for (const body of bodies) {
      const response = await http.post('/pusher/auth').type('form').send(body);
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(leaksIn(response.text)).toEqual([]);
    }
    const response = await http.post('/pusher/user-auth').type('form').send({ socket_id: '1.2' });
    expect(response.status).toBe(403);
    const allowed = await http
      .post('/pusher/auth')
      .type('form')
      .send({ socket_id: '1.2', channel_name: 'private-encrypted-orders.8' });
    expect(allowed.status).toBe(200);
    const shown = logger.lines.join('\n');
    expect(leaksIn(shown)).toEqual([]);
    expect(shown).toContain('the rule failed');
    const { auth, shared_secret } = allowed.body as { auth: string; shared_secret: string };
    expect(shown).not.toContain(auth.split(':')[1]);
    expect(shown).not.toContain(shared_secret);
  });

  it('comes out of webhooks, refused or failing', async () => {
    const http = request(app.getHttpServer());
    const events = [{ name: 'channel_occupied', channel: 'a' }] as const;
    const signatures: string[] = [];
    for (const token of [
      { key: 'key', secret: SECRET },
      { key: 'old', secret: OLD_SECRET },
      { key: 'key', secret: 'wrong' },
    ]) {
      const { headers, body } = signWebhook({ events }, token);
      const response = await http.post('/pusher/webhooks').set(headers).send(body);
      signatures.push(headers['X-Pusher-Signature'] ?? headers['x-pusher-signature'] ?? '');
      expect([401, 500]).toContain(response.status);
      expect(leaksIn(response.text)).toEqual([]);
    }
    const shown = logger.lines.join('\n');
    expect(shown).toContain('the handler failed');
    for (const signature of signatures) {
      expect(signature).toHaveLength(64);
      expect(shown).not.toContain(signature);
    }
    expect(leaksIn(shown)).toEqual([]);
  });

  it('comes out of what is refused before it is sent', async () => {
    const refused = await Promise.allSettled([
      pusher.trigger(SECRET, 'e', 1),
      pusher.trigger('a', 'e', undefined),
      pusher.trigger(CHANNEL, 'e', 'x'.repeat(9000)),
      pusher.channel('a b'),
    ]);
    const errors = refused.map((result) => ('reason' in result ? (result.reason as Error) : null));
    // The first repeats, shortened, the wrong name that was passed, which is not a secret of the app.
    expect(leaksIn(everythingShown(errors.slice(1)))).toEqual([]);
    for (const sign of [
      () => pusher.authorizeChannel('x', CHANNEL),
      () => pusher.authorizeChannel('1.2', 'news'),
      () => pusher.authenticateUser('1.2', { id: '' }),
      () => pusher.receiveWebhook({ headers: {}, rawBody: '' }),
    ])
      expect(leaksIn(everythingShown(thrownBy(sign)))).toEqual([]);
  });

  it('is in what Nest keeps of the module', () => {
    const modules = [...app.get(ModulesContainer).values()].filter(({ name }) =>
      name.startsWith('Pusher'),
    );
    const kept = modules.flatMap(({ providers }) => [...providers.values()]);
    expect(kept.some(({ token }) => token === MODULE_OPTIONS)).toBe(true);
    for (const { instance, metatype } of kept) {
      // Not as JSON: what is injected everywhere leads back to the module.
      const shown = [instance, metatype].map((value) =>
        inspect(value, { depth: 6, showHidden: true }),
      );
      expect(leaksIn(shown.join('\n'))).toEqual([]);
    }
  });

  it('is in the service, the registry, or the HttpService', async () => {
    const http = await app.resolve<HttpService>(httpToken());
    const things = [pusher, app.get(AppRegistry), app.get(AppRegistry).all(), http, http.axiosRef];
    for (const thing of things) expect(leaksIn(everythingShown(thing))).toEqual([]);
    expect(leaksIn(JSON.stringify(http.axiosRef.defaults) ?? '')).toEqual(['marker-header-token']);
  });
});

describe('a dynamic module', () => {
  const options = {
    url: `https://key:${encodeURIComponent(SECRET)}@example.com/apps/1`,
    encryptionMasterKeyBase64: MASTER_KEY.toString('base64'),
    http: { headers: { Authorization: HEADER }, proxy: 'http://u:marker-secret@proxy.example' },
  };

  it.each([
    ['forRoot', PusherModule.forRoot(options)],
    ['forRootAsync', PusherModule.forRootAsync({ useFactory: () => options })],
  ])('of %s can be printed', (_method, module) => {
    const shown = everythingShown(module);
    expect(FORBIDDEN.filter((secret) => shown.includes(secret))).toEqual([]);
    expect(shown).toContain('PusherModule');
  });
});
