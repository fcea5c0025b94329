import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import { AuthenticateUser } from '../../../lib/auth/rules/authenticate-user.decorator.js';
import { AuthorizeChannel } from '../../../lib/auth/rules/authorize-channel.decorator.js';
import { NO_BODY_PARSER } from '../../../lib/auth/endpoint/read-body.js';
import { ChannelRules } from '../../../lib/auth/rules/channel-rules.js';
import { NO_FORM_PARSER } from '../../../lib/auth/rules/rule-report.js';
import { PusherAuthController } from '../../../lib/auth/endpoint/pusher-auth.controller.js';
import { PusherOptionsError } from '../../../lib/errors/pusher-options.error.js';
import { PusherModule } from '../../../lib/pusher.module.js';
import type { PresenceMember, UserData } from '../../../lib/protocol/users.js';
import { APP, AuthServer, HeaderUser } from '../../support/auth/server.js';
import { ADAPTERS } from '../../support/nest/adapters.js';
import { sendOnWire } from '../../support/webhooks/wire.js';

@Injectable()
class Rules {
  @AuthorizeChannel('private-orders.{id}')
  @AuthorizeChannel('private-invoices.{id}')
  canSee(): boolean {
    return true;
  }

  @AuthorizeChannel('presence-rooms.{room}', { app: 'eu' })
  join(): PresenceMember | false {
    return false;
  }

  @AuthenticateUser()
  whoIs(): UserData | null {
    return null;
  }
}

@Controller('pages')
class Pages {
  @Get()
  @AuthorizeChannel('private-pages')
  page(): boolean {
    return true;
  }
}

/** A pattern that the compiler does not know, so that only the start can check it. */
const UNTYPED: string = 'presence-{a}';

@Injectable()
class Wrong {
  @AuthorizeChannel('private-{a}.x')
  one(): boolean {
    return true;
  }

  @AuthorizeChannel('private-b.{c}')
  two(): boolean {
    return true;
  }

  @AuthorizeChannel('orders.{id}')
  publicName(): boolean {
    return true;
  }

  @AuthorizeChannel('private-a{b}{c}')
  noPattern(): boolean {
    return true;
  }

  @AuthorizeChannel(UNTYPED)
  memberless(): boolean {
    return true;
  }

  @AuthorizeChannel('private-encrypted-{a}')
  keyless(): boolean {
    return true;
  }
}

const [, express] = ADAPTERS[0];
const [, fastify] = ADAPTERS[1];
const APPS = [APP, { ...APP, name: 'eu' }];
const ofLevel = (server: AuthServer, level: string) =>
  server.log
    .filter((line) => line.startsWith(level) && line.includes('@A'))
    .map((line) => line.slice(level.length + 2));

describe('the application at its start', () => {
  it('lists every rule at debug level and in list()', async () => {
    await using server = await AuthServer.start({
      adapter: express,
      apps: APPS,
      providers: [Rules],
      controllers: [Pages, PusherAuthController(), PusherAuthController({ app: 'eu', path: 'eu' })],
    });
    expect(ofLevel(server, 'debug')).toEqual([
      "@AuthorizeChannel('private-orders.{id}') of Rules.canSee",
      "@AuthorizeChannel('private-invoices.{id}') of Rules.canSee",
      '@AuthorizeChannel(\'presence-rooms.{room}\') of Rules.join, for the app "eu"',
      "@AuthorizeChannel('private-pages') of Pages.page",
      '@AuthenticateUser of Rules.whoIs',
    ]);
    expect([...ofLevel(server, 'warn'), ...ofLevel(server, 'error')]).toEqual([]);
    const canSee = { kind: 'private', app: undefined, className: 'Rules', methodName: 'canSee' };
    expect(server.app.get(ChannelRules).list()).toEqual([
      { pattern: 'private-orders.{id}', ...canSee },
      { pattern: 'private-invoices.{id}', ...canSee },
      {
        pattern: 'presence-rooms.{room}',
        kind: 'presence',
        app: 'eu',
        className: 'Rules',
        methodName: 'join',
      },
      { ...canSee, pattern: 'private-pages', className: 'Pages', methodName: 'page' },
    ]);
  });

  it('warns of rules that no endpoint serves', async () => {
    await using server = await AuthServer.start({
      adapter: fastify,
      apps: APPS,
      providers: [Rules],
      controllers: [PusherAuthController()],
    });
    expect(ofLevel(server, 'warn')).toEqual([
      expect.stringMatching(
        /^@AuthorizeChannel\('presence-rooms\.\{room\}'\) of Rules\.join is never called: .*"eu"/,
      ),
    ]);
  });

  it('warns of nothing in an application without HTTP', async () => {
    @Module({ imports: APPS.map((app) => PusherModule.forRoot(app)), providers: [Rules] })
    class Worker {}
    const lines: string[] = [];
    const keep = (line: unknown): void => void lines.push(String(line));
    const context = await NestFactory.createApplicationContext(Worker, {
      logger: { log: () => undefined, warn: keep, error: keep },
    });
    expect(lines).toEqual([]);
    expect(context.get(ChannelRules).list()).toHaveLength(3);
    await context.close();
  });

  it('refuses to start with rules that cannot work, and lists all of them', async () => {
    const start = AuthServer.start({
      adapter: express,
      providers: [Wrong],
      controllers: [PusherAuthController(), PusherAuthController({ app: 'asia', path: 'asia' })],
    });
    const error: unknown = await start.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PusherOptionsError);
    expect((error as PusherOptionsError).message).toMatch(/^Invalid channel rules:\n/);
    expect((error as PusherOptionsError).problems).toEqual(
      [
        /'private-a\{b\}\{c\}'\) of Wrong\.noPattern is not a valid pattern: it has a segment/,
        /PusherAuthController is mounted for the app "asia"/,
        /Wrong\.publicName can never match/,
        /Wrong\.memberless is declared to return a boolean/,
        /Wrong\.keyless cannot authorize encrypted channels/,
        /Wrong\.one and .*Wrong\.two can match the same name/,
      ].map((problem) => expect.stringMatching(problem) as unknown),
    );
  });

  it('rejects a class that two modules provide', async () => {
    @Module({ providers: [Rules] })
    class Other {}
    const start = AuthServer.start({
      adapter: express,
      apps: APPS,
      imports: [Other],
      providers: [Rules],
    });
    await expect(start).rejects.toThrow(/It is one method, found twice: provide its class in one/);
  });
});

describe('the auth controller without a body parser', () => {
  const parts = {
    providers: [Rules],
    apps: APPS,
    controllers: [PusherAuthController({ decorators: [UseGuards(HeaderUser)] })],
    options: { bodyParser: false },
  };
  const fields = { socket_id: '1.1', channel_name: 'private-orders.1' };

  it('responds with 500 on Express, and the log says what is missing', async () => {
    await using server = await AuthServer.start({ adapter: express, ...parts });
    for (const form of ['form', 'json'] as const) {
      server.log.splice(0);
      const response = await server.post('/pusher/auth', fields, { form, user: '1' });
      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain('bodyParser');
      expect(server.log).toEqual([expect.stringContaining(NO_BODY_PARSER)]);
    }
  });

  it('logs at start on Fastify that forms cannot be read', async () => {
    await using server = await AuthServer.start({ adapter: fastify, ...parts });
    expect(server.log).toContainEqual(expect.stringContaining(NO_FORM_PARSER));
    expect((await server.post('/pusher/auth', fields, { user: '1' })).status).toBe(415);
    const asJson = await server.post('/pusher/auth', fields, { form: 'json', user: '1' });
    expect(asJson.status).toBe(200);
  });

  it('works on Fastify with a parser of the application', async () => {
    await using server = await AuthServer.start({
      adapter: fastify,
      ...parts,
      setup: (app) =>
        (app as NestFastifyApplication).register(
          createRequire(import.meta.url)('@fastify/formbody') as never,
        ),
    });
    expect(server.log.filter((line) => line.startsWith('error'))).toEqual([]);
    expect((await server.post('/pusher/auth', fields, { user: '1' })).status).toBe(200);
  });

  it.each(['*', /^application\/.*form/])('works on Fastify with a parser for %s', async (type) => {
    await using server = await AuthServer.start({
      adapter: fastify,
      ...parts,
      setup: (app) => {
        (app.getHttpAdapter() as FastifyAdapter)
          .getInstance()
          .addContentTypeParser(type, { parseAs: 'string' }, (_request, body, done) =>
            done(null, body),
          );
      },
    });
    expect(server.log.filter((line) => line.startsWith('error'))).toEqual([]);
    expect((await server.post('/pusher/auth', fields, { user: '1' })).status).toBe(200);
  });
});

describe.each(ADAPTERS)('a request without a readable body, on %s', (name, adapter) => {
  it('is refused without an error in the log when it has no headers', async () => {
    await using server = await AuthServer.start({
      adapter,
      apps: APPS,
      providers: [Rules],
      controllers: [PusherAuthController()],
    });
    const port = Number(new URL(server.url).port);
    for (const path of ['/pusher/auth', '/pusher/user-auth'])
      expect([path, await sendOnWire(port, { path, headers: [] })]).toEqual([path, 400]);
    expect(server.log.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it.each<[string, Record<string, string>, string, number]>([
    ['an empty body', { 'content-type': 'application/x-www-form-urlencoded' }, '', 400],
    ['plain text', { 'content-type': 'text/plain' }, 'socket_id=1.1', 400],
    [
      'a content type of pusher-js with another one appended',
      { 'content-type': 'application/x-www-form-urlencoded, application/json' },
      'socket_id=1.1&channel_name=private-orders.1',
      name === 'Express' ? 400 : 415,
    ],
  ])(
    'is refused without an error in the log when it has %s',
    async (_case, headers, body, status) => {
      await using server = await AuthServer.start({
        adapter,
        apps: APPS,
        providers: [Rules],
        controllers: [PusherAuthController({ decorators: [UseGuards(HeaderUser)] })],
      });
      const response = await server.post('/pusher/auth', body, { headers, user: '1' });
      expect(response.status).toBe(status);
      expect(server.log.filter((line) => line.startsWith('error'))).toEqual([]);
    },
  );
});
