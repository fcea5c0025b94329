import { Body, Controller, Injectable, Post, Req } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter, RouteConfig } from '@nestjs/platform-fastify';
import { FASTIFY_REFUSES_KEYS } from '../../../lib/webhooks/endpoint/fastify-bodies.js';
import { PusherWebhook } from '../../../lib/webhooks/endpoint/pusher-webhook.decorator.js';
import {
  type IncomingWebhook,
  PusherWebhookGuard,
} from '../../../lib/webhooks/endpoint/pusher-webhook.guard.js';
import type { Webhook } from '../../../lib/webhooks/webhook.js';
import { ADAPTERS } from '../../support/nest/adapters.js';
import { ObservedClock } from '../../support/runtime/observed-clock.js';
import { WebhookServer, type WebhookServerParts } from '../../support/webhooks/server.js';
import { signedHeaders, webhookBody } from '../../support/webhooks/signing.js';
import { sendOnWire } from '../../support/webhooks/wire.js';

const BODY = webhookBody({ name: 'channel_occupied', channel: 'a' });
const POISON = '{"time_ms":1700000000123,"events":[],"__proto__":{"a":1}}';
const LINE = 'NestFactory.create(AppModule, { rawBody: true })';

@Injectable()
class OwnGuard extends PusherWebhookGuard {
  protected override rawBodyOf({ rawBody }: IncomingWebhook): Buffer | undefined {
    return rawBody as Buffer | undefined;
  }
}

@Controller()
class Hooks {
  @Post('hooks')
  hooks(@PusherWebhook() { events }: Webhook): number {
    return events.length;
  }

  @Post('own-guard')
  own(@PusherWebhook({ guard: OwnGuard }) { events }: Webhook): number {
    return events.length;
  }

  @Post('parsed')
  @PusherWebhook()
  parsed(@Body() body: object, @Req() { rawBody }: IncomingWebhook): unknown {
    return { body, raw: String(rawBody) };
  }

  @Post('other')
  other(@Body() body: object): object {
    return body;
  }
}

function start(
  adapter: WebhookServerParts['adapter'],
  options: object,
  more: Partial<WebhookServerParts> = {},
): Promise<WebhookServer> {
  return WebhookServer.start({ adapter, options, controllers: [Hooks], ...more });
}

/** A request whose body is sent as a test wants. */
function onWire(
  { port }: WebhookServer,
  body: Uint8Array,
  headers: Record<string, string>,
  hangUp = false,
): Promise<number | undefined> {
  const all = Object.entries({ ...signedHeaders(body), ...headers });
  return sendOnWire(port, { path: '/hooks', headers: all, body, hangUp });
}

describe.each(ADAPTERS)('without a parser, on %s', (_name, adapter) => {
  const options = { bodyParser: false };

  it('the body of a webhook is read and verified', async () => {
    await using server = await start(adapter, options);
    expect((await server.post('/hooks', BODY)).status).toBe(200);
    expect((await server.post('/hooks', BODY, signedHeaders(`${BODY} `))).status).toBe(401);
    expect((await server.post('/own-guard', BODY)).status).toBe(_name === 'Fastify' ? 200 : 500);
  });

  it('a body of 1 MiB is read, and a longer one refused', async () => {
    await using server = await start(adapter, options);
    const fill = (length: number): string => BODY.padEnd(length, ' ');
    expect((await server.post('/hooks', fill(1_048_576))).status).toBe(200);
    expect((await server.post('/hooks', fill(1_048_577))).status).toBe(413);
    const chunk = Buffer.from(fill(1_048_577));
    const chunked = Buffer.concat([Buffer.from('100001\r\n'), chunk, Buffer.from('\r\n0\r\n\r\n')]);
    const status = await sendOnWire(server.port, {
      path: '/hooks',
      headers: [...Object.entries(signedHeaders(chunk)), ['transfer-encoding', 'chunked']],
      body: chunked,
    });
    expect(status).toBe(413);
  });

  it('a client that hangs up leaves nothing behind', async () => {
    await using server = await start(adapter, options);
    const half = Buffer.from(BODY.slice(0, 20));
    const length = { 'content-length': String(BODY.length) };
    expect([undefined, 400]).toContain(await onWire(server, half, length, true));
    expect((await server.post('/hooks', BODY)).status).toBe(200);
    expect(server.log).toEqual([]);
  });

  it('another content type is refused', async () => {
    await using server = await start(adapter, options);
    const headers = { ...signedHeaders(BODY), 'content-type': 'text/plain' };
    expect([401, 400]).toContain((await server.post('/hooks', BODY, headers)).status);
  });
});

describe('on Express', () => {
  const [[, express]] = ADAPTERS;

  it('a client that sends its body too slowly is refused after ten seconds', async () => {
    const clock = new ObservedClock(10_000);
    await using server = await start(express, { bodyParser: false }, { clock });
    const half = Buffer.from(BODY.slice(0, 20));
    const status = onWire(server, half, { 'content-length': String(BODY.length) });
    await clock.waiting;
    await clock.advance(10_000);
    expect(await status).toBe(408);
  });

  it.each(['a string', Buffer.from('bytes')])(
    'an application may keep %p as request.raw',
    async (raw) => {
      const withRaw = (): ExpressAdapter => {
        const adapter = new ExpressAdapter();
        adapter.use((request: { raw?: unknown }, _response: unknown, next: () => void) => {
          request.raw = raw;
          next();
        });
        return adapter;
      };
      await using server = await start(withRaw, { rawBody: true });
      expect((await server.post('/hooks', BODY)).status).toBe(200);
    },
  );

  it('a body that was parsed and not kept is refused, with the line that keeps it', async () => {
    await using server = await start(() => new ExpressAdapter(), { rawBody: false });
    const response = await server.post('/hooks', BODY);
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({
      code: 'PUSHER_WEBHOOK_NO_RAW_BODY',
      message: expect.stringContaining(LINE) as unknown,
    });
    expect(server.log).toEqual([expect.stringMatching(/^error: The raw body/)]);
    expect(server.log.join()).toContain(LINE);
    const unsigned = { 'content-type': 'application/json' };
    expect((await server.post('/hooks', BODY, unsigned)).status).toBe(401);
  });
});

describe('on Fastify', () => {
  const fastify = (): FastifyAdapter => new FastifyAdapter();

  it.each([{ rawBody: true }, { rawBody: false }, { bodyParser: false }])(
    'bodies are kept with the options %j, whatever keys they have',
    async (options) => {
      await using server = await start(fastify, options);
      for (const path of ['/hooks', '/own-guard']) {
        expect((await server.post(path, BODY)).status).toBe(200);
        expect((await server.post(path, POISON)).status).toBe(200);
        expect((await server.post(path, POISON, signedHeaders(BODY))).status).toBe(401);
      }
      expect(server.log).toEqual([expect.stringContaining('wrong signature')]);
    },
  );

  it('bodies are parsed as well, unless they have such keys', async () => {
    await using server = await start(fastify, {});
    const parsed = await (await server.post('/parsed', BODY)).json();
    expect(parsed).toEqual({ body: JSON.parse(BODY) as unknown, raw: BODY });
    expect(await (await server.post('/parsed', POISON)).json()).toEqual({ body: {}, raw: POISON });
  });

  it.each([
    ['string', BODY],
    ['buffer', JSON.parse(JSON.stringify(Buffer.from(BODY))) as unknown],
  ] as const)('bodies that the application takes as a %s stay so', async (parseAs, body) => {
    const withParser = (): FastifyAdapter => {
      const adapter = fastify();
      const instance = adapter.getInstance();
      instance.addContentTypeParser('application/json', { parseAs }, (_request, read, done) =>
        done(null, read),
      );
      return adapter;
    };
    await using server = await start(withParser, { bodyParser: false });
    const parsed = await (await server.post('/parsed', BODY)).json();
    expect(parsed).toEqual({ body, raw: BODY });
  });

  it('a body is not parsed before its signature is verified', async () => {
    const seen: unknown[] = [];
    const adapter = fastify();
    adapter.getInstance().addHook('preHandler', (request, _reply, done) => {
      seen.push(request.body);
      done();
    });
    await using server = await start(() => adapter, {});
    expect((await server.post('/hooks', '{', signedHeaders(BODY))).status).toBe(401);
    expect((await server.post('/hooks', BODY)).status).toBe(200);
    expect(seen).toEqual([{}, {}]);
  });

  it('other routes are as they were', async () => {
    await using server = await start(fastify, {});
    expect(await (await server.post('/other', BODY)).json()).toEqual(JSON.parse(BODY));
    expect((await server.post('/other', POISON)).status).toBe(400);
    expect((await server.post('/hooks', '{"time_ms":')).status).toBe(400);
  });

  it('the limit of the adapter applies', async () => {
    await using server = await start(() => new FastifyAdapter({ bodyLimit: 200 }), {});
    expect((await server.post('/hooks', BODY.padEnd(200, ' '))).status).toBe(200);
    expect((await server.post('/hooks', BODY.padEnd(201, ' '))).status).toBe(413);
  });

  @Controller()
  class Configured {
    @RouteConfig({ some: 'thing' })
    @Post('hooks')
    hooks(@PusherWebhook() { events }: Webhook): number {
      return events.length;
    }
  }

  it('a route that replaces its configuration causes a warning, unless the adapter is set', async () => {
    const more = { controllers: [Configured] };
    await using warned = await start(fastify, {}, more);
    expect(warned.log).toEqual([`warn: ${FASTIFY_REFUSES_KEYS}`]);
    expect((await warned.post('/hooks', BODY)).status).toBe(200);
    expect((await warned.post('/hooks', POISON)).status).toBe(400);
    const set = { onProtoPoisoning: 'remove', onConstructorPoisoning: 'remove' } as const;
    await using quiet = await start(() => new FastifyAdapter(set), {}, more);
    expect(quiet.log).toEqual([]);
    expect((await quiet.post('/hooks', POISON)).status).toBe(200);
  });

  it('an instance that was started before causes a warning', async () => {
    const adapter = fastify();
    const instance = adapter.getInstance();
    const addHook = instance.addHook.bind(instance) as (...args: unknown[]) => never;
    instance.addHook = (...args: unknown[]) => {
      if (args[0] === 'preParsing') throw new Error('The instance has started already');
      return addHook(...args);
    };
    await using server = await start(() => adapter, {});
    expect(server.log).toEqual([`warn: ${FASTIFY_REFUSES_KEYS}`]);
    expect((await server.post('/hooks', BODY)).status).toBe(200);
  });
});
