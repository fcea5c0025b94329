import { describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { HttpService } from '@nestjs/axios';
import { z } from 'zod';
import {
  defineEvents,
  InjectPusher,
  InjectPusherHttp,
  PusherModule,
  PusherService,
  getPusherToken,
} from '../../../lib/index.js';
import { connectionToken } from '../../../lib/pusher.tokens.js';
import {
  FakePusherService,
  PusherTestServer,
  PusherTestingModule,
  replacePusher,
} from '../../../lib/testing/index.js';

@Injectable()
class Orders {
  constructor(private readonly pusher: PusherService) {}

  async pay(id: string): Promise<void> {
    await this.pusher.trigger(`private-orders.${id}`, 'order.paid', { id });
  }
}

@Injectable()
class Reports {
  constructor(@InjectPusher('reports') readonly pusher: PusherService) {}
}

/** An application without options: no account, no environment. */
@Module({
  imports: [
    PusherModule.forRootAsync({
      useFactory: () => {
        throw new Error('the options were read');
      },
    }),
  ],
  providers: [Orders],
})
class AppModule {}

describe('PusherTestingModule', () => {
  it('replaces PusherModule', async () => {
    const app = await Test.createTestingModule({
      imports: [PusherTestingModule.forRoot()],
      providers: [Orders],
    }).compile();
    await app.get(Orders).pay('7');
    const fake = app.get(FakePusherService);
    expect(fake).toBe(app.get(PusherService));
    fake.assertTriggered('order.paid', 'private-orders.7');
    await app.close();
  });

  it('replaces a named app, beside the default one', async () => {
    const app = await Test.createTestingModule({
      imports: [PusherTestingModule.forRoot(), PusherTestingModule.forRoot({ name: 'reports' })],
      providers: [Orders, Reports],
    }).compile();
    await app.get(Reports).pusher.trigger('a', 'made', 1);
    app.get(FakePusherService).assertNothingTriggered();
    app.get<FakePusherService>(getPusherToken('reports')).assertTriggered('made');
    await app.close();
  });

  it('applies the limits that it is given', async () => {
    const app = await Test.createTestingModule({
      imports: [PusherTestingModule.forRoot({ options: { limits: { maxDataBytes: 5 } } })],
    }).compile();
    await expect(app.get(PusherService).trigger('a', 'e', '123456')).rejects.toThrow('6 bytes');
    await app.close();
  });
});

describe('replacePusher', () => {
  it('lets a whole application run without its options', async () => {
    const fake = new FakePusherService();
    const app = await replacePusher(
      Test.createTestingModule({ imports: [AppModule] }),
      fake,
    ).compile();
    await app.init();
    await app.get(Orders).pay('7');
    fake.assertTriggered('order.paid', ({ data }) => (data as { id: string }).id === '7');
    await app.close();
  });
});

const events = defineEvents({ 'order.paid': z.object({ id: z.string() }) });

describe.each([
  ['forRoot', PusherModule.forRoot({ events })],
  [
    'forRootAsync',
    PusherModule.forRootAsync({
      events,
      useFactory: () => {
        throw new Error('the options were read');
      },
    }),
  ],
])('replacePusher and the events that %s was given', (_case, pusherModule) => {
  const testing = () => Test.createTestingModule({ imports: [pusherModule], providers: [Orders] });

  it('checks payloads with a fake', async () => {
    const fake = new FakePusherService();
    const app = await replacePusher(testing(), fake).compile();
    await app.get(Orders).pay('7');
    fake.assertTriggered('order.paid', ({ data }) => (data as { id: string }).id === '7');
    await expect(app.get(Orders).pay(7 as never)).rejects.toThrow(
      /`data` does not fit the schema of "order\.paid"/,
    );
    await expect(app.get(PusherService).trigger('orders', 'order.payed', {})).rejects.toThrow(
      'not in the list of events',
    );
    await app.close();
  });

  it('checks payloads with a test server', async () => {
    await using server = await PusherTestServer.start();
    const app = await replacePusher(testing(), server).compile();
    await app.get(Orders).pay('7');
    await expect(app.get(Orders).pay(7 as never)).rejects.toThrow('does not fit the schema');
    expect(server.published()).toHaveLength(1);
    await app.close();
  });

  it('prefers the list of the fake', async () => {
    const fake = new FakePusherService({ events: { other: z.string() } });
    const app = await replacePusher(testing(), fake).compile();
    await app.get(PusherService).trigger('orders', 'other', 'text');
    await expect(app.get(Orders).pay('7')).rejects.toThrow('not in the list of events');
    await app.close();
  });
});

describe('the application that replacePusher gives a fake', () => {
  @Injectable()
  class Traced {
    constructor(@InjectPusherHttp() readonly http: HttpService) {}
  }

  it('has no connection', async () => {
    const app = await replacePusher(
      Test.createTestingModule({ imports: [AppModule] }),
      new FakePusherService(),
    ).compile();
    expect(app.get(connectionToken('default'), { strict: false })).not.toHaveProperty('api');
    await app.close();
  });

  it('can still inject the HttpService', async () => {
    const fake = new FakePusherService();
    const app = await replacePusher(
      Test.createTestingModule({ imports: [AppModule], providers: [Traced] }),
      fake,
    ).compile();
    app.get(Traced).http.axiosRef.interceptors.request.use(() => {
      throw new Error('a request was made');
    });
    await app.get(Orders).pay('7');
    fake.assertTriggeredTimes('order.paid', 1);
    await app.close();
  });

  it('replaces one of two apps', async () => {
    const [one, two] = [new FakePusherService(), new FakePusherService()];
    const imports = [PusherModule.forRoot(), PusherModule.forRoot({ name: 'reports', events })];
    const testing = Test.createTestingModule({ imports, providers: [Orders, Reports] });
    const app = await replacePusher(replacePusher(testing, one), two, 'reports').compile();
    await app.get(Orders).pay(7 as never);
    await expect(app.get(Reports).pusher.trigger('a', 'order.paid', 7)).rejects.toThrow('schema');
    one.assertTriggeredTimes('order.paid', 1);
    two.assertNothingTriggered();
    await app.close();
  });
});

describe('replacePusher with a test server', () => {
  it('lets a whole application talk to it', async () => {
    await using server = await PusherTestServer.start();
    const app = await replacePusher(
      Test.createTestingModule({ imports: [AppModule] }),
      server,
    ).compile();
    await app.get(Orders).pay('7');
    await expect(server.nextPublished('order.paid')).resolves.toMatchObject({
      channels: ['private-orders.7'],
    });
    await app.close();
  });
});

describe('overrideProvider', () => {
  const options = { appId: '1', key: 'k', secret: 's' };

  it('accepts the fake as a value', async () => {
    const fake = new FakePusherService();
    const app = await Test.createTestingModule({
      imports: [PusherModule.forRoot(options)],
      providers: [Orders],
    })
      .overrideProvider(PusherService)
      .useValue(fake)
      .compile();
    await app.get(Orders).pay('7');
    fake.assertTriggeredTimes('order.paid', 1);
    await app.close();
  });

  it('accepts the fake as a class', async () => {
    const app = await Test.createTestingModule({
      imports: [PusherModule.forRoot(options)],
      providers: [Orders],
    })
      .overrideProvider(PusherService)
      .useClass(FakePusherService)
      .compile();
    await app.get(Orders).pay('7');
    app.get<FakePusherService>(PusherService).assertTriggeredTimes('order.paid', 1);
    await app.close();
  });
});
