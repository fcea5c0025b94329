import { Injectable, Module, type Type } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { Keyv } from 'keyv';
import type { WebhookStore } from '../../../lib/options/webhook.options.js';
import { OnPusherWebhook } from '../../../lib/webhooks/handlers/on-pusher-webhook.decorator.js';
import { PusherWebhookController } from '../../../lib/webhooks/endpoint/pusher-webhook.controller.js';
import { WebhookDispatcher } from '../../../lib/webhooks/handlers/webhook-dispatcher.js';
import type { Webhook } from '../../../lib/webhooks/webhook.js';
import type { WebhookEvent } from '../../../lib/webhooks/webhook-event.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { ObservedClock } from '../../support/runtime/observed-clock.js';
import { WebhookServer, registered, type RegisteredApp } from '../../support/webhooks/server.js';
import { ADAPTERS, type MakeAdapter } from '../../support/nest/adapters.js';
import { signedHeaders, webhookBody } from '../../support/webhooks/signing.js';

const PATH = '/pusher/webhooks';
const BODY = webhookBody(
  { name: 'channel_occupied', channel: 'a' },
  { name: 'channel_occupied', channel: 'b' },
  { name: 'channel_occupied', channel: 'b' },
);

/** Decides when and how the handlers of a test end. */
class Plan {
  readonly calls: string[] = [];
  /** Calls that fail, each once. */
  readonly failures = new Set<string>();
  gate: Promise<void> = Promise.resolve();
  #waiting: { count: number; resolve: () => void }[] = [];

  async run(call: string): Promise<void> {
    this.calls.push(call);
    for (const { count, resolve } of this.#waiting) if (this.calls.length >= count) resolve();
    await this.gate;
    if (this.failures.delete(call)) throw new Error('not yet');
  }

  /** Lets held handlers continue. */
  release: () => void = () => undefined;

  /** Holds handlers until `release` is called. */
  hold(): void {
    this.gate = new Promise((resolve) => {
      this.release = resolve;
    });
  }

  /** Resolves when that many calls have begun. */
  called(count: number): Promise<void> {
    if (this.calls.length >= count) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ count, resolve });
    });
  }

  /** The calls since the last time, sorted. */
  taken(): string[] {
    return this.calls.splice(0).toSorted();
  }
}

@Injectable()
class Handlers {
  constructor(private readonly plan: Plan) {}

  @OnPusherWebhook('channel_occupied')
  one({ channel }: WebhookEvent): Promise<void> {
    return this.plan.run(`one ${channel}`);
  }

  @OnPusherWebhook('channel_occupied')
  two({ channel }: WebhookEvent): Promise<void> {
    return this.plan.run(`two ${channel}`);
  }
}

const ALL = ['one a', 'one b', 'one b', 'two a', 'two b', 'two b'];

function dedupeApp(store?: WebhookStore): RegisteredApp {
  const dedupe = { ttlMs: 600_000, ...(store && { store }) };
  return registered({
    webhooks: { dedupe },
    previousCredentials: [{ key: 'old', secret: 'older' }],
  });
}

async function start(
  adapter: MakeAdapter,
  apps: RegisteredApp[],
  more: { clock?: ManualClock; acknowledge?: 'before' | 'after' } = {},
): Promise<{ server: WebhookServer; plan: Plan } & AsyncDisposable> {
  const { acknowledge, ...rest } = more;
  const server = await WebhookServer.start({
    adapter,
    apps,
    controllers: [PusherWebhookController(acknowledge ? { acknowledge } : {})],
    providers: [Handlers, Plan],
    ...rest,
  });
  const plan = server.app.get(Plan);
  return { server, plan, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

describe.each(ADAPTERS)('a webhook that comes again, on %s', (_name, adapter) => {
  it('runs all handlers again without dedupe', async () => {
    await using stage = await start(adapter, [registered()]);
    const { server, plan } = stage;
    plan.failures.add('one a');
    expect((await server.post(PATH, BODY)).status).toBe(500);
    expect(plan.taken()).toEqual(ALL);
    expect((await server.post(PATH, BODY)).status).toBe(200);
    expect(plan.taken()).toEqual(ALL);
  });

  it.each([
    ['the memory of the process', undefined],
    ['a Keyv store', new Keyv()],
  ])('runs only what failed, with dedupe in %s', async (_where, store) => {
    await using stage = await start(adapter, [dedupeApp(store)]);
    const { server, plan } = stage;
    plan.failures.add('one a').add('two b');
    expect((await server.post(PATH, BODY)).status).toBe(500);
    expect(plan.taken()).toEqual(ALL);
    const rotated = signedHeaders(BODY, { key: 'old', secret: 'older' });
    expect((await server.post(PATH, BODY, rotated)).status).toBe(200);
    expect(plan.taken()).toEqual(['one a', 'two b']);
    expect((await server.post(PATH, BODY)).status).toBe(200);
    expect(plan.taken()).toEqual([]);
    const later = BODY.replace('1700000000123', '1700000000124');
    expect((await server.post(PATH, later)).status).toBe(200);
    expect(plan.taken()).toEqual(ALL);
  });

  it('runs each handler once when it comes twice at the same moment', async () => {
    await using stage = await start(adapter, [dedupeApp()]);
    const { server, plan } = stage;
    plan.hold();
    const responses = Promise.all([server.post(PATH, BODY), server.post(PATH, BODY)]);
    await plan.called(2);
    plan.release();
    expect((await responses).map(({ status }) => status)).toEqual([200, 200]);
    expect(plan.taken()).toEqual(ALL);
  });

  it('runs all handlers again after the time to live', async () => {
    const clock = new ManualClock();
    await using stage = await start(adapter, [dedupeApp()], { clock });
    const { server, plan } = stage;
    await server.post(PATH, BODY);
    await clock.advance(600_001);
    plan.taken();
    await server.post(PATH, BODY);
    expect(plan.taken()).toEqual(ALL);
  });

  it('runs what failed in one instance in another one that shares the store', async () => {
    const store = new Keyv();
    await using one = await start(adapter, [dedupeApp(store)]);
    await using two = await start(adapter, [dedupeApp(store)]);
    one.plan.failures.add('two a');
    expect((await one.server.post(PATH, BODY)).status).toBe(500);
    expect((await two.server.post(PATH, BODY)).status).toBe(200);
    expect(two.plan.taken()).toEqual(['two a']);
  });

  it('is answered with 500 while another instance is still running its handlers', async () => {
    const store = new Keyv();
    await using one = await start(adapter, [dedupeApp(store)]);
    await using two = await start(adapter, [dedupeApp(store)]);
    one.plan.hold();
    const first = one.server.post(PATH, BODY);
    await one.plan.called(2);
    // The second instance may do what the first has not begun: the later events of each handler.
    expect((await two.server.post(PATH, BODY)).status).toBe(500);
    expect(two.plan.taken()).not.toContain('one a');
    one.plan.release();
    expect((await first).status).toBe(200);
    expect((await two.server.post(PATH, BODY)).status).toBe(200);
    expect(two.plan.taken()).toEqual([]);
  });

  it('runs each handler once when two instances receive it at the same moment', async () => {
    const store = new Keyv();
    await using one = await start(adapter, [dedupeApp(store)]);
    await using two = await start(adapter, [dedupeApp(store)]);
    await Promise.all([one, two].map(({ server }) => server.post(PATH, BODY)));
    const again = await Promise.all([one, two].map(({ server }) => server.post(PATH, BODY)));
    expect(again.map(({ status }) => status)).toEqual([200, 200]);
    expect([...one.plan.taken(), ...two.plan.taken()].toSorted()).toEqual(ALL);
  });

  it('runs all handlers when the store is down', async () => {
    const broken: WebhookStore = {
      get: () => Promise.reject(new Error('down')),
      set: () => Promise.reject(new Error('down')),
    };
    await using stage = await start(adapter, [dedupeApp(broken)]);
    const { server, plan } = stage;
    expect((await server.post(PATH, BODY)).status).toBe(200);
    expect(plan.taken()).toEqual(ALL);
    expect(server.log).toContainEqual(expect.stringMatching(/^warn: The store .* failed \(down\)/));
  });
});

describe('handlers of the same name', () => {
  it('are remembered separately by dedupe', async () => {
    const calls: string[] = [];
    function twin(which: string): Type<object> {
      class Twin {
        @OnPusherWebhook('channel_occupied')
        handle(): void {
          calls.push(which);
        }
      }
      return Twin;
    }
    await using server = await WebhookServer.start({
      adapter: ADAPTERS[0][1],
      apps: [dedupeApp()],
      controllers: [PusherWebhookController()],
      providers: [twin('one'), twin('two')],
    });
    const body = webhookBody({ name: 'channel_occupied', channel: 'a' });
    await server.post(PATH, body);
    await server.post(PATH, body);
    expect(calls.toSorted()).toEqual(['one', 'two']);
  });
});

describe.each(ADAPTERS)(
  'an endpoint that acknowledges before its handlers run, on %s',
  (_name, adapter) => {
    it('responds first, and lets the handlers end when the application closes', async () => {
      const { server, plan } = await start(adapter, [registered()], { acknowledge: 'before' });
      plan.hold();
      expect((await server.post(PATH, BODY)).status).toBe(200);
      await plan.called(2);
      let isClosed = false;
      const closed = server.app.close().then(() => (isClosed = true));
      await new Promise(setImmediate);
      expect([isClosed, plan.calls.length]).toEqual([false, 2]);
      plan.release();
      await closed;
      expect(plan.taken()).toEqual(ALL);
    });

    it('lets the handlers end before other modules release what they need', async () => {
      const log: string[] = [];
      class Database {
        onModuleDestroy(): void {
          log.push('database closed');
        }
      }
      @Module({ providers: [Database], exports: [Database] })
      class DatabaseModule {}
      class Saver {
        @OnPusherWebhook('channel_occupied')
        async save(): Promise<void> {
          await new Promise(setImmediate);
          log.push('saved');
        }
      }
      const server = await WebhookServer.start({
        adapter,
        imports: [DatabaseModule],
        controllers: [PusherWebhookController({ acknowledge: 'before' })],
        providers: [Saver],
      });
      await server.post(PATH, webhookBody({ name: 'channel_occupied', channel: 'a' }));
      await server.app.close();
      expect(log).toEqual(['saved', 'database closed']);
    });

    it('only logs failures', async () => {
      const { server, plan } = await start(adapter, [registered()], { acknowledge: 'before' });
      plan.failures.add('one a');
      expect((await server.post(PATH, BODY)).status).toBe(200);
      await server.app.close();
      expect(plan.taken()).toEqual(ALL);
      expect(server.log).toEqual([
        'error: Handlers.one failed for "channel_occupied" on "a": not yet',
      ]);
    });

    it('does not wait longer than shutdownTimeoutMs', async () => {
      const clock = new ObservedClock(700);
      const app = registered({ shutdownTimeoutMs: 700 });
      const { server, plan } = await start(adapter, [app], { acknowledge: 'before', clock });
      plan.hold();
      await server.post(PATH, BODY);
      const closed = server.app.close();
      await clock.waiting;
      await clock.advance(700);
      await closed;
      expect(server.log).toEqual([
        expect.stringMatching(/^warn: .*after 700 ms: 1\. Raise shutdown/),
      ]);
      plan.release();
    });
  },
);

describe('handlers slower than Pusher waits', () => {
  it('are named in a warning while they are still running', async () => {
    const clock = new ManualClock();
    await using stage = await start(ADAPTERS[0][1], [registered()], { clock });
    stage.plan.hold();
    const response = stage.server.post(PATH, BODY);
    await stage.plan.called(2);
    await clock.advance(3999);
    expect(stage.server.log).toEqual([]);
    await clock.advance(1);
    expect(stage.server.log).toEqual([
      expect.stringMatching(
        /^warn: Still running 4000 ms after .*: Handlers\.one \("channel_occupied" on "a"\), Handlers\.two \(.*'before'/,
      ),
    ]);
    stage.plan.release();
    expect((await response).status).toBe(200);
  });
});

const FROM_A_QUEUE: Webhook = {
  timeMs: 1,
  time: new Date(1),
  app: 'default',
  key: 'k',
  events: [{ name: 'channel_occupied', channel: 'q' }],
  unknownEvents: [],
};

describe('WebhookDispatcher', () => {
  it('runs the handlers for webhooks that did not come over HTTP', async () => {
    await using stage = await start(ADAPTERS[0][1], [registered()]);
    const report = await stage.server.app.get(WebhookDispatcher).dispatch(FROM_A_QUEUE);
    expect(report.unfinished).toEqual([]);
    expect(stage.plan.taken()).toEqual(['one q', 'two q']);
  });

  it.each(['dispatch', 'dispatchLater'] as const)(
    'waits for what %s began before the application has closed, however late',
    async (method) => {
      const { server, plan } = await start(ADAPTERS[0][1], [registered()]);
      const dispatcher = server.app.get(WebhookDispatcher);
      server.app.getHttpServer().once('close', () => void dispatcher[method](FROM_A_QUEUE));
      plan.hold();
      const closed = server.app.close();
      await plan.called(2);
      const first = await Promise.race([closed, Promise.resolve('still open')]);
      plan.release();
      await closed;
      expect(first).toBe('still open');
    },
  );
});
