import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import { Inject, Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  InjectPusher,
  InjectPusherHttp,
  PusherModule,
  type PusherModuleOptions,
  PusherOptionsError,
  type PusherOptionsFactory,
  PusherService,
  getPusherToken,
} from '../../../lib/index.js';
import { ManualClock, PusherTestServer } from '../../../lib/testing/index.js';
import { startContext } from '../../support/nest/app-with-pusher.js';

const SETTINGS = Symbol('settings');

describe('PusherModule', () => {
  let server: PusherTestServer;

  beforeEach(async () => {
    server = await PusherTestServer.start({ apps: [{ id: 'one' }, { id: 'two' }] });
  });
  afterEach(() => server.stop());

  @Module({
    providers: [{ provide: SETTINGS, useFactory: () => server.options }],
    exports: [SETTINGS],
  })
  class SettingsModule {}

  @Injectable()
  class Factory implements PusherOptionsFactory {
    constructor(@Inject(SETTINGS) private readonly settings: PusherModuleOptions) {}

    async createPusherOptions(): Promise<PusherModuleOptions> {
      return this.settings;
    }
  }

  @Module({ imports: [SettingsModule], providers: [Factory], exports: [Factory] })
  class FactoryModule {}

  const registrations = {
    forRoot: () => PusherModule.forRoot(server.options),
    'forRoot with a url': () => PusherModule.forRoot({ url: server.url }),
    useFactory: () =>
      PusherModule.forRootAsync({
        imports: [SettingsModule],
        inject: [SETTINGS],
        useFactory: async (settings: PusherModuleOptions) => settings,
      }),
    useClass: () => PusherModule.forRootAsync({ imports: [SettingsModule], useClass: Factory }),
    useExisting: () =>
      PusherModule.forRootAsync({ imports: [FactoryModule], useExisting: Factory }),
  };

  it.each(Object.entries(registrations))('registers with %s', async (_form, registration) => {
    const context = await startContext({ imports: [registration()] });
    await context.get(PusherService).trigger('news', 'created', { id: 1 });
    await expect(server.nextPublished('created')).resolves.toMatchObject({ appId: 'one' });
  });

  it('reads the environment when it has no options', async () => {
    const before = process.env['PUSHER_URL'];
    process.env['PUSHER_URL'] = server.url;
    try {
      const context = await startContext({ imports: [PusherModule.forRoot()] });
      await context.get(PusherService).trigger('news', 'created', 1);
      await server.nextPublished('created');
    } finally {
      if (before === undefined) delete process.env['PUSHER_URL'];
      else process.env['PUSHER_URL'] = before;
    }
  });

  it('keeps several apps apart', async () => {
    @Injectable()
    class Publisher {
      constructor(
        readonly one: PusherService,
        @InjectPusher('two') readonly two: PusherService,
      ) {}
    }
    const context = await startContext({
      imports: [
        PusherModule.forRoot(server.options),
        PusherModule.forRoot({ name: 'two', ...server.optionsOf('two') }),
      ],
      providers: [Publisher],
    });
    const { one, two } = context.get(Publisher);
    await one.trigger('news', 'first', 1);
    await two.trigger('news', 'second', 1);
    expect(server.published().map(({ appId, event }) => [appId, event])).toEqual([
      ['one', 'first'],
      ['two', 'second'],
    ]);
    expect(context.get(getPusherToken('two'))).toBe(two);
    expect(getPusherToken()).toBe(PusherService);
  });

  it.each([
    [
      undefined,
      "PusherModule is registered in more than one module. Import it once, in the root module: it is global, so every module can inject PusherService. Give a further app a name: PusherModule.forRoot({ name: 'eu', … }).",
    ],
    [
      'eu',
      'The app "eu" is registered more than once. Register it once, in the root module: PusherModule is global. Give a further app a name of its own.',
    ],
  ])('rejects the name %s that is registered twice, and says what to do', async (name, message) => {
    const twice = [server.options, server.optionsOf('two')].map((app) =>
      PusherModule.forRoot({ ...app, ...(name !== undefined && { name }) }),
    );
    await expect(startContext({ imports: twice })).rejects.toMatchObject({ problems: [message] });
  });

  it.each([
    [undefined, true],
    [true, true],
    [false, false],
  ])('with isGlobal %s, other modules can inject it: %s', async (isGlobal, reachable) => {
    @Injectable()
    class Publisher {
      constructor(readonly pusher: PusherService) {}
    }
    @Module({ providers: [Publisher] })
    class FeatureModule {}
    const started = startContext({
      imports: [
        PusherModule.forRoot({ ...server.options, ...(isGlobal !== undefined && { isGlobal }) }),
        FeatureModule,
      ],
    });
    const outcome = await started.then(
      () => true,
      (error: Error) => !error.message.includes('PusherService'),
    );
    expect(outcome).toBe(reachable);
  });

  it('does not start with invalid options', async () => {
    const started = startContext({ imports: [PusherModule.forRoot({ appId: '3', key: 'k' })] });
    await expect(started).rejects.toBeInstanceOf(PusherOptionsError);
    await expect(started).rejects.toThrow('`secret` is missing');
  });

  it('has a service that can be overridden like any provider', async () => {
    const replacement = {};
    const testing = await Test.createTestingModule({
      imports: [PusherModule.forRoot(server.options)],
    })
      .overrideProvider(PusherService)
      .useValue(replacement)
      .compile();
    expect(testing.get(PusherService)).toBe(replacement);
    await testing.close();
  });

  describe('on shutdown', () => {
    it('waits for the requests in flight', async () => {
      const context = await startContext({
        imports: [PusherModule.forRoot({ ...server.options, batching: { maxInFlight: 1 } })],
      });
      const pusher = context.get(PusherService);
      const sent = Array.from({ length: 50 }, (_, at) => pusher.trigger('news', 'e', at));
      await context.close();
      await Promise.all(sent);
      expect(server.published()).toHaveLength(50);
    });

    it('rejects what is triggered later', async () => {
      const context = await startContext({ imports: [PusherModule.forRoot(server.options)] });
      const pusher = context.get(PusherService);
      await context.close();
      await expect(pusher.trigger('news', 'e', 1)).rejects.toMatchObject({
        code: 'PUSHER_NOT_SENT',
      });
    });

    it('gives up after shutdownTimeoutMs and rejects the promises', async () => {
      server.failNext({ delayMs: Infinity, times: 10 });
      const context = await startContext({
        imports: [PusherModule.forRoot({ ...server.options, shutdownTimeoutMs: 20 })],
      });
      const sent = context.get(PusherService).tryTrigger('news', 'e', 1);
      await server.until(() => server.requests().length > 0, 'the request');
      await context.close();
      await expect(sent).resolves.toMatchObject({ ok: false });
    });
  });

  it('lets the application intercept its requests', async () => {
    @Injectable()
    class Tracing {
      constructor(@InjectPusherHttp() readonly http: HttpService) {
        http.axiosRef.interceptors.request.use((config) => {
          config.headers.set('X-Trace', '1');
          return config;
        });
      }
    }
    const context = await startContext({
      imports: [PusherModule.forRoot(server.options)],
      providers: [Tracing],
    });
    await context.get(PusherService).trigger('news', 'e', 1);
    expect(server.requests()).toMatchObject([{ headers: { 'x-trace': '1' }, status: 200 }]);
  });

  it('knows how far the clock of the server is ahead', async () => {
    const clock = new ManualClock(Date.now() + 3_600_000);
    await using distant = await PusherTestServer.start({ clock });
    const context = await startContext({ imports: [PusherModule.forRoot(distant.options)] });
    const pusher = context.get(PusherService);
    expect(pusher.clockOffsetMs).toBe(0);
    await pusher.trigger('news', 'e', 1);
    expect(Math.round(pusher.clockOffsetMs / 60_000)).toBe(60);
  });

  it('flushes requests in flight', async () => {
    const context = await startContext({ imports: [PusherModule.forRoot(server.options)] });
    const pusher = context.get(PusherService);
    void pusher.tryTrigger('news', 'e', 1);
    await pusher.flush();
    expect(server.published()).toHaveLength(1);
  });
});
