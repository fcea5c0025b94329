import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  type HttpException,
  Inject,
  Injectable,
  NotFoundException,
  Scope,
  UseGuards,
  VersioningType,
} from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { describe, expect, it } from '@jest/globals';
import { PusherWebhookGuard } from '../../../lib/webhooks/endpoint/pusher-webhook.guard.js';
import { PusherWebhookController } from '../../../lib/webhooks/endpoint/pusher-webhook.controller.js';
import type { Webhook } from '../../../lib/webhooks/webhook.js';
import type {
  ClientEvent,
  MemberAddedEvent,
  UnknownWebhookEvent,
  WebhookEvent,
} from '../../../lib/webhooks/webhook-event.js';
import { OnPusherWebhook } from '../../../lib/webhooks/handlers/on-pusher-webhook.decorator.js';
import { WebhookServer, registered } from '../../support/webhooks/server.js';
import { ADAPTERS } from '../../support/nest/adapters.js';
import { signedHeaders, webhookBody } from '../../support/webhooks/signing.js';

const PATH = '/pusher/webhooks';
const EU = { key: 'eu-key', secret: 'eu-secret' };
const APPS = [registered(), registered({ name: 'eu', credentials: EU })];
const OCCUPIED = { name: 'channel_occupied', channel: 'presence-rooms.7' };
const VACATED = { name: 'channel_vacated', channel: 'other' };
const ADDED = { name: 'member_added', channel: 'presence-rooms.7', user_id: 'u' };
const NEW = { name: 'something_new', channel: 'a.b', extra: 1 };

/** What was called, as `method: event`, in its order. */
class Calls {
  readonly list: string[] = [];
  readonly args = new Map<string, unknown[]>();

  note(method: string, event: { name: string }, ...more: unknown[]): void {
    this.list.push(`${method}: ${event.name}`);
    this.args.set(method, [event, ...more]);
  }
}

@Injectable()
class Rooms {
  constructor(private readonly calls: Calls) {}

  @OnPusherWebhook('member_added', { channel: 'presence-rooms.{roomId}' })
  joined(event: MemberAddedEvent, params: { roomId: string }, webhook: Webhook): void {
    this.calls.note('joined', event, params, webhook.app);
  }

  @OnPusherWebhook(['channel_occupied', 'channel_vacated'])
  busy(event: { name: string; channel: string }): void {
    this.calls.note('busy', event);
  }

  @OnPusherWebhook('client_event', { channel: 'private-other' })
  never(event: ClientEvent): void {
    this.calls.note('never', event);
  }

  @OnPusherWebhook('something_new', { channel: '{x...}' })
  fresh(event: UnknownWebhookEvent, params: { x: string }): void {
    this.calls.note('fresh', event, params);
  }

  @OnPusherWebhook('*', { app: 'eu' })
  @OnPusherWebhook('channel_occupied', { app: 'eu' })
  eu(event: WebhookEvent | UnknownWebhookEvent): void {
    this.calls.note('eu', event);
  }
}

@Injectable()
class Both {
  constructor(private readonly calls: Calls) {}

  @OnPusherWebhook('member_added', { channel: 'presence-rooms.{id}' })
  @OnPusherWebhook('channel_vacated', { channel: '{id}' })
  both(event: { name: string }, params: { id: string }): void {
    this.calls.note('both', event);
    this.calls.args.set(`both: ${event.name}`, [params]);
  }
}

@Controller('rooms')
class RoomsController {
  constructor(private readonly calls: Calls) {}

  @Get()
  list(): string[] {
    return this.calls.list;
  }

  @OnPusherWebhook('*')
  all(event: WebhookEvent | UnknownWebhookEvent): void {
    this.calls.note('all', event);
  }
}

@Injectable({ scope: Scope.REQUEST })
class PerRequest {
  constructor(
    private readonly calls: Calls,
    @Inject(REQUEST) private readonly request: { headers: Record<string, string> },
  ) {}

  @OnPusherWebhook('member_added')
  scoped(event: MemberAddedEvent): void {
    this.calls.note('scoped', event, this.request.headers['x-pusher-key']);
  }
}

describe.each(ADAPTERS)('PusherWebhookController() on %s', (_name, adapter) => {
  it('passes an event without its fields to handlers of any event only', async () => {
    await using server = await WebhookServer.start({
      adapter,
      apps: APPS,
      controllers: [PusherWebhookController(), RoomsController],
      providers: [Calls, Rooms, PerRequest],
    });
    const half = { name: 'member_added', channel: 'presence-rooms.7' };
    const response = await server.post(PATH, webhookBody(half));
    expect(response.status).toBe(200);
    expect(server.app.get(Calls).list).toEqual(['all: member_added']);
  });

  it('passes each event to the methods that subscribe to it', async () => {
    await using server = await WebhookServer.start({
      adapter,
      apps: APPS,
      controllers: [PusherWebhookController(), RoomsController],
      providers: [Calls, Rooms, PerRequest],
    });
    const calls = server.app.get(Calls);
    const response = await server.post(PATH, webhookBody(OCCUPIED, ADDED, VACATED, NEW));
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(calls.list.toSorted()).toEqual([
      'all: channel_occupied',
      'all: channel_vacated',
      'all: member_added',
      'all: something_new',
      'busy: channel_occupied',
      'busy: channel_vacated',
      'fresh: something_new',
      'joined: member_added',
      'scoped: member_added',
    ]);
    const added = { name: 'member_added', channel: 'presence-rooms.7', userId: 'u' };
    expect(calls.args.get('joined')).toEqual([added, { roomId: '7' }, 'default']);
    expect(calls.args.get('fresh')).toEqual([NEW, { x: 'a.b' }]);
    expect(calls.args.get('scoped')).toEqual([added, 'test-key-0123456789']);
    expect(server.log).toEqual([]);
  });

  it('passes an event once to a method that subscribes twice, and only from the app it names', async () => {
    await using server = await WebhookServer.start({
      adapter,
      apps: APPS,
      controllers: [PusherWebhookController()],
      providers: [Calls, Rooms],
    });
    const body = webhookBody(OCCUPIED, NEW);
    expect((await server.post(PATH, body, signedHeaders(body, EU))).status).toBe(200);
    const { list } = server.app.get(Calls);
    expect(list.filter((call) => call.startsWith('eu'))).toEqual([
      'eu: channel_occupied',
      'eu: something_new',
    ]);
  });

  it('passes the events of both decorators to a method with two, each with its parameters', async () => {
    await using server = await WebhookServer.start({
      adapter,
      controllers: [PusherWebhookController()],
      providers: [Calls, Both],
    });
    const added = { ...ADDED, channel: 'elsewhere' };
    expect((await server.post(PATH, webhookBody(ADDED, VACATED, OCCUPIED, added))).status).toBe(
      200,
    );
    const { list, args } = server.app.get(Calls);
    expect(list.toSorted()).toEqual(['both: channel_vacated', 'both: member_added']);
    expect(args.get('both: member_added')).toEqual([{ id: '7' }]);
    expect(args.get('both: channel_vacated')).toEqual([{ id: 'other' }]);
  });

  it('calls no handler for a request that it refuses', async () => {
    await using server = await WebhookServer.start({
      adapter,
      controllers: [PusherWebhookController(), RoomsController],
      providers: [Calls],
    });
    const body = webhookBody(OCCUPIED);
    expect((await server.post(PATH, body, signedHeaders(body, EU))).status).toBe(401);
    expect((await server.post(PATH, '{"events":[]}')).status).toBe(400);
    expect(server.app.get(Calls).list).toEqual([]);
  });

  it('can be mounted several times, each with its path, app and decorators', async () => {
    class Polite extends PusherWebhookGuard {
      protected override refusal(): HttpException {
        return new NotFoundException();
      }
    }
    class Forbid implements CanActivate {
      canActivate(context: ExecutionContext): boolean {
        const request = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
        return request.headers['x-gateway'] === 'yes';
      }
    }
    await using server = await WebhookServer.start({
      adapter,
      apps: APPS,
      controllers: [
        PusherWebhookController({ path: 'one' }),
        PusherWebhookController({ path: 'two', app: 'eu' }),
        PusherWebhookController({ path: 'three', decorators: [UseGuards(Forbid)] }),
        PusherWebhookController({ path: 'four', version: '1' }),
        PusherWebhookController({ path: 'five', guard: Polite }),
      ],
      setup: (app) => app.enableVersioning({ type: VersioningType.URI }),
    });
    const body = webhookBody(OCCUPIED);
    const [own, eu] = [signedHeaders(body), signedHeaders(body, EU)];
    expect((await server.post('/one', body, eu)).status).toBe(200);
    expect((await server.post('/two', body, eu)).status).toBe(200);
    expect((await server.post('/two', body, own)).status).toBe(401);
    expect((await server.post('/three', body, own)).status).toBe(403);
    expect((await server.post('/three', body, { ...own, 'x-gateway': 'yes' })).status).toBe(200);
    expect((await server.post('/v1/four', body, own)).status).toBe(200);
    expect((await server.post('/five', body, { ...own, 'x-pusher-key': '' })).status).toBe(404);
  });
});

@Injectable()
class Failing {
  constructor(private readonly calls: Calls) {}

  @OnPusherWebhook('channel_occupied')
  sync(event: WebhookEvent): void {
    this.calls.note('sync', event);
    throw new Error('no luck');
  }

  @OnPusherWebhook('*')
  async later(event: { name: string }): Promise<void> {
    this.calls.note('later', event);
    await Promise.reject(Object.create(null) as Error);
  }

  @OnPusherWebhook('*')
  fine(event: { name: string }): void {
    this.calls.note('fine', event);
  }
}

describe.each(ADAPTERS)('failing handlers on %s', (_name, adapter) => {
  it('do not keep others from running, are logged, and make the status 500', async () => {
    await using server = await WebhookServer.start({
      adapter,
      controllers: [PusherWebhookController()],
      providers: [Failing, Calls],
    });
    const response = await server.post(PATH, webhookBody(OCCUPIED, { name: 'new' }));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('no luck');
    expect(server.app.get(Calls).list.toSorted()).toEqual([
      'fine: channel_occupied',
      'fine: new',
      'later: channel_occupied',
      'later: new',
      'sync: channel_occupied',
    ]);
    expect(server.log.toSorted()).toEqual([
      expect.stringMatching(
        /^error: Failing\.later failed for "channel_occupied" on "presence-rooms\.7": /,
      ),
      expect.stringMatching(/^error: Failing\.later failed for "new": /),
      'error: Failing.sync failed for "channel_occupied" on "presence-rooms.7": no luck',
    ]);
  });
});

describe('handlers at start', () => {
  const [, adapter] = ADAPTERS[0];
  const start = (apps: string[], endpoints: (string | undefined)[], providers: never[]) =>
    WebhookServer.start({
      adapter,
      apps: apps.map((name) => registered({ name })),
      controllers: endpoints.map((app, at) =>
        PusherWebhookController({ path: `p${at}`, ...(app !== undefined && { app }) }),
      ),
      providers,
    });

  class Anywhere {
    @OnPusherWebhook('*')
    any(): void {}
  }
  class InEu {
    @OnPusherWebhook('*', { app: 'eu' })
    eu(): void {}
  }

  it.each([
    [
      'no endpoint',
      ['default'],
      [],
      Anywhere,
      [/Anywhere\.any .* no endpoint serves it\. Add Pus/],
    ],
    ['an endpoint', ['default'], [undefined], Anywhere, []],
    ['an endpoint for one app', ['default', 'eu'], ['eu'], Anywhere, []],
    ['an endpoint for the app', ['default', 'eu'], ['eu'], InEu, []],
    ['an endpoint for all', ['eu'], [undefined], InEu, []],
    ['one for another app', ['default', 'eu'], ['default'], InEu, [/InEu\.eu .* the app "eu"/]],
    ['no such app', ['default'], [undefined], InEu, [/InEu\.eu .* no app is named "eu"/]],
    ['an endpoint for no app', ['default'], ['us'], class {}, [/app: 'us' \}\) refuses every/]],
  ] as [string, string[], (string | undefined)[], never, RegExp[]][])(
    'cause a warning only when nothing can reach them: %s',
    async (_case, apps, endpoints, provider, warnings) => {
      await using server = await start(apps, endpoints, [provider]);
      expect(server.log).toEqual(
        warnings.map((pattern) => expect.stringMatching(new RegExp(`^warn: .*${pattern.source}`))),
      );
    },
  );

  it('cause no warning when a guard makes their endpoint request-scoped', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class RequestGuard implements CanActivate {
      constructor(@Inject(REQUEST) readonly request: unknown) {}

      canActivate(): boolean {
        return this.request !== undefined;
      }
    }
    await using server = await WebhookServer.start({
      adapter,
      apps: [registered()],
      controllers: [PusherWebhookController({ decorators: [UseGuards(RequestGuard)] })],
      providers: [Anywhere],
    });
    expect(server.log).toEqual([]);
  });

  it('are listed at debug level, each with its decorators', async () => {
    await using server = await WebhookServer.start({
      adapter,
      apps: [registered(), registered({ name: 'eu' })],
      controllers: [PusherWebhookController()],
      providers: [Calls, Rooms],
    });
    expect(server.debugLog).toEqual([
      "@OnPusherWebhook('member_added', { channel: 'presence-rooms.{roomId}' }) of Rooms.joined",
      "@OnPusherWebhook(['channel_occupied', 'channel_vacated']) of Rooms.busy",
      "@OnPusherWebhook('client_event', { channel: 'private-other' }) of Rooms.never",
      "@OnPusherWebhook('something_new', { channel: '{x...}' }) of Rooms.fresh",
      `@OnPusherWebhook('*') of Rooms.eu, for the app "eu"`,
      `@OnPusherWebhook('channel_occupied') of Rooms.eu, for the app "eu"`,
    ]);
  });

  it('that can never be called keep the application from starting', async () => {
    class Bad {
      @OnPusherWebhook('channel_ocupied')
      misspelled(): void {}

      @OnPusherWebhook('member_added', { channel: 'presnce-rooms.{x}' })
      prefix(): void {}

      @OnPusherWebhook(['channel_occupied', 'member_removed'], { channel: 'private-{x}' })
      kind(): void {}
    }
    const started = WebhookServer.start({ adapter, providers: [Bad] });
    await expect(started).rejects.toMatchObject({
      code: 'PUSHER_INVALID_OPTIONS',
      problems: [
        `@OnPusherWebhook('channel_ocupied') of Bad.misspelled: "channel_ocupied" is not the name of an event. Use 'channel_occupied'.`,
        expect.stringMatching(
          /^@OnPusherWebhook\('member_added', .* of Bad\.prefix: member_added never/,
        ),
        expect.stringMatching(/Bad\.prefix: The pattern "presnce-rooms.\{x\}" .* with presence-\./),
        expect.stringMatching(/Bad\.kind: member_removed never .* "private-\{x\}".*presence-\.$/),
      ] as unknown,
    });
  });

  it.each([
    [
      'reverb',
      'channel_occupied',
      /One\.one will not be called .* no webhooks \(`server: 'reverb'`\)/,
    ],
    [
      'soketi',
      'subscription_count',
      /One\.one .* sends no subscription_count \(`server: 'soketi'`\)/,
    ],
  ] as const)(
    'cause a warning when %s does not send what they receive',
    async (name, event, text) => {
      class One {
        @OnPusherWebhook(event)
        one(): void {}
      }
      const app = { controllers: [PusherWebhookController()], providers: [One], adapter };
      await using server = await WebhookServer.start({
        ...app,
        apps: [registered({ server: name })],
      });
      expect(server.log).toEqual([expect.stringMatching(text)]);
      const both = [registered({ server: name }), registered({ name: 'eu' })];
      await using other = await WebhookServer.start({ ...app, apps: both });
      expect(other.log).toEqual([]);
    },
  );

  it('must have valid channel patterns', async () => {
    class Bad {
      @OnPusherWebhook('channel_occupied', { channel: 'a.{x}.{x}' })
      twice(): void {}

      @OnPusherWebhook('channel_occupied', { channel: 'a b' })
      space(): void {}
    }
    const started = WebhookServer.start({ adapter, providers: [Bad] });
    await expect(started).rejects.toThrow(/Bad\.twice: the channel pattern uses[^]*Bad\.space: /);
  });
});

describe('the types of @OnPusherWebhook()', () => {
  it('follow from names and pattern', () => {
    class Typed {
      @OnPusherWebhook('member_added', { channel: 'presence-{room}' })
      right(event: MemberAddedEvent, params: { room: string }): string {
        return event.userId + params.room;
      }

      // @ts-expect-error: another event
      @OnPusherWebhook('member_added')
      otherEvent(event: ClientEvent): string {
        return event.event;
      }

      // @ts-expect-error: another parameter
      @OnPusherWebhook('member_added', { channel: 'presence-{room}' })
      otherParameter(_event: MemberAddedEvent, params: { id: string }): string {
        return params.id;
      }

      // @ts-expect-error: one of the two has no userId
      @OnPusherWebhook(['member_added', 'channel_occupied'])
      oneOfTwo(event: MemberAddedEvent): string {
        return event.userId;
      }

      @OnPusherWebhook(['member_added', 'member_removed'])
      bothOfTwo(event: { userId: string }): string {
        return event.userId;
      }
    }
    expect(Typed).toBeDefined();
  });
});
