import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type INestApplicationContext, Injectable, Module, Scope } from '@nestjs/common';
import { AggregateRoot, CqrsModule, EventBus, EventPublisher, EventsHandler } from '@nestjs/cqrs';
import { EventEmitter2, EventEmitterModule, OnEvent } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import {
  Broadcast,
  HoldEvents,
  PusherModule,
  type PusherModuleOptions,
  PusherService,
} from '../../../lib/index.js';
import {
  FakePusherService,
  PusherTestServer,
  PusherTestingModule,
  replacePusher,
} from '../../../lib/testing/index.js';
import { startContext } from '../../support/nest/app-with-pusher.js';

@Broadcast<OrderShipped>({
  as: 'order.shipped',
  on: (event) => `orders.${event.id}`,
  with: (event) => ({ id: event.id }),
})
class OrderShipped {
  constructor(readonly id: string) {}
}

@Broadcast<Faulty>({ as: 'faulty', on: 'faulty', with: (event) => event.fault() })
class Faulty {
  constructor(readonly fault: () => unknown) {}
}

class Unmarked {}

/** What the other handlers of both buses have received. */
const received: unknown[] = [];

@Injectable()
class Listeners {
  @OnEvent('order.*')
  listen(event: unknown): string {
    received.push(event);
    return 'listened';
  }
}

@EventsHandler(OrderShipped, Faulty, Unmarked)
class Handler {
  handle(event: unknown): void {
    received.push(event);
  }
}

class Order extends AggregateRoot {
  ship(id: string): void {
    this.apply(new OrderShipped(id));
  }
}

@Injectable()
class Shipping {
  constructor(private readonly bus: EventBus) {}

  @HoldEvents()
  ship(id: string, error?: Error): void {
    this.bus.publish(new OrderShipped(id));
    if (error !== undefined) throw error;
  }
}

afterEach(() => {
  received.length = 0;
});

async function start(broadcastFrom: PusherModuleOptions['broadcastFrom']): Promise<{
  context: INestApplicationContext;
  pusher: FakePusherService;
  emitter: EventEmitter2;
  bus: EventBus;
}> {
  const context = await startContext({
    imports: [
      PusherTestingModule.forRoot({ options: { broadcastFrom } }),
      EventEmitterModule.forRoot({ wildcard: true }),
      CqrsModule.forRoot(),
    ],
    providers: [Listeners, Handler, Shipping],
  });
  const emitter = context.get(EventEmitter2);
  return { context, pusher: context.get(FakePusherService), emitter, bus: context.get(EventBus) };
}

function channels(pusher: FakePusherService): string[] {
  return pusher.triggered().flatMap((event) => event.channels);
}

describe('broadcastFrom: [EventEmitter2]', () => {
  it('publishes marked objects, and listeners receive them as before', async () => {
    const { pusher, emitter } = await start([EventEmitter2]);
    const [one, two] = [new OrderShipped('1'), new OrderShipped('2')];
    expect(emitter.emit('order.shipped', one)).toBe(true);
    expect(await emitter.emitAsync('order.shipped', two)).toEqual(['listened']);
    expect(channels(pusher)).toEqual(['orders.1', 'orders.2']);
    expect(received).toEqual([one, two]);
    expect(received[0]).toBe(one);
  });

  it('returns what the emitter returns when nobody listens', async () => {
    const { pusher, emitter } = await start([EventEmitter2]);
    expect(emitter.emit('nobody', new OrderShipped('1'))).toBe(false);
    expect(await emitter.emitAsync('nobody', new OrderShipped('2'))).toEqual([]);
    expect(channels(pusher)).toEqual(['orders.1', 'orders.2']);
  });

  it('throws for an `error` event that nobody handles, as the emitter does', async () => {
    const { emitter } = await start([EventEmitter2]);
    expect(() => emitter.emit('error', new Error('mine'))).toThrow('mine');
  });

  it('publishes nothing else', async () => {
    const { pusher, emitter } = await start([EventEmitter2]);
    emitter.emit('order.shipped', new Unmarked(), { id: '1' }, 'text', null, undefined);
    emitter.emit('order.shipped');
    pusher.assertNothingTriggered();
    expect(received).toHaveLength(2);
  });

  it('publishes each marked object among several values', async () => {
    const { pusher, emitter } = await start([EventEmitter2]);
    emitter.emit('order.shipped', 'first', new OrderShipped('1'), new OrderShipped('2'));
    expect(channels(pusher)).toEqual(['orders.1', 'orders.2']);
  });
});

describe('broadcastFrom: [EventBus]', () => {
  it('publishes marked objects, and handlers receive them as before', async () => {
    const { pusher, bus } = await start([EventBus]);
    const events = [new OrderShipped('1'), new OrderShipped('2'), new Unmarked()];
    bus.publish(events[0] as object);
    bus.publishAll(events.slice(1));
    expect(channels(pusher)).toEqual(['orders.1', 'orders.2']);
    expect(received).toEqual(events);
  });

  it('publishes what aggregates commit', async () => {
    const { context, pusher } = await start([EventBus]);
    const order = context.get(EventPublisher).mergeObjectContext(new Order());
    order.ship('1');
    pusher.assertNothingTriggered();
    order.commit();
    expect(channels(pusher)).toEqual(['orders.1']);
    expect(received).toEqual([new OrderShipped('1')]);
  });

  it('publishes each event once when the bus has another publisher', async () => {
    const { pusher, bus } = await start([EventBus]);
    const publish = jest.fn();
    bus.publisher = { publish };
    bus.publish(new OrderShipped('1'));
    bus.publishAll([new OrderShipped('2')]);
    expect(channels(pusher)).toEqual(['orders.1', 'orders.2']);
    expect(publish).toHaveBeenCalledTimes(2);
  });

  it('holds the events within @HoldEvents', async () => {
    const { context, pusher } = await start([EventBus]);
    context.get(Shipping).ship('1');
    expect(() => context.get(Shipping).ship('2', new Error('rolled back'))).toThrow('rolled back');
    expect(channels(pusher)).toEqual(['orders.1']);
    pusher.assertNothingHeld();
  });
});

describe.each<[string, (publish: object) => Promise<FakePusherService>]>([
  [
    'EventEmitter2',
    async (event) => {
      const { pusher, emitter } = await start([EventEmitter2]);
      emitter.emit('order.shipped', event);
      emitter.emit('order.shipped', new OrderShipped('next'));
      return pusher;
    },
  ],
  [
    'EventBus',
    async (event) => {
      const { pusher, bus } = await start([EventBus]);
      bus.publish(event);
      bus.publish(new OrderShipped('next'));
      return pusher;
    },
  ],
])('a failure to broadcast from %s', (_bus, publishWithNext) => {
  it.each<[string, object]>([
    ['a function that throws', new Faulty(() => Reflect.get({}, 'a') as never)],
    [
      'a function that throws an error',
      new Faulty(() => {
        throw new Error('mine');
      }),
    ],
    ['a function that rejects', new Faulty(() => Promise.reject(new Error('mine')))],
    ['data that is too large', new Faulty(() => 'x'.repeat(20_000))],
    ['an invalid channel name', new OrderShipped('not valid')],
  ])('costs one event and no bus: %s', async (_what, event) => {
    const pusher = await publishWithNext(event);
    expect(channels(pusher)).toEqual(['orders.next']);
    expect(received).toEqual([event, new OrderShipped('next')]);
  });
});

describe('broadcastFrom', () => {
  it('is empty by default: nothing is published', async () => {
    const { pusher, emitter, bus } = await start(undefined);
    emitter.emit('order.shipped', new OrderShipped('1'));
    bus.publish(new OrderShipped('2'));
    pusher.assertNothingTriggered();
    expect(Object.hasOwn(emitter, 'emit')).toBe(false);
  });

  it('follows a bus once that several apps and tokens name', async () => {
    const named = { provide: 'bus', useExisting: EventBus };
    const options = { broadcastFrom: [EventBus, 'bus'] };
    const context = await startContext({
      imports: [
        PusherTestingModule.forRoot({ options }),
        PusherTestingModule.forRoot({ name: 'eu', options }),
        CqrsModule.forRoot(),
      ],
      providers: [named],
    });
    context.get(EventBus).publish(new OrderShipped('1'));
    expect(channels(context.get(FakePusherService))).toEqual(['orders.1']);
  });

  it('leaves a bus that outlives the application as it was', async () => {
    const emitter = new EventEmitter2();
    const startWithEmitter = () =>
      startContext({
        imports: [PusherTestingModule.forRoot({ options: { broadcastFrom: ['emitter'] } })],
        providers: [{ provide: 'emitter', useValue: emitter }],
      });
    const first = await startWithEmitter();
    emitter.emit('order.shipped', new OrderShipped('1'));
    expect(channels(first.get(FakePusherService))).toEqual(['orders.1']);
    await first.close();
    expect(Object.hasOwn(emitter, 'emit')).toBe(false);
    const second = await startWithEmitter();
    emitter.emit('order.shipped', new OrderShipped('2'));
    expect(channels(first.get(FakePusherService))).toEqual(['orders.1']);
    expect(channels(second.get(FakePusherService))).toEqual(['orders.2']);
  });

  it.each<[string, PusherModuleOptions['broadcastFrom'], string]>([
    ['is not provided', [EventEmitter2], '`broadcastFrom` names EventEmitter, which no module'],
    ['is created for each request', ['scoped'], '`broadcastFrom` names scoped, which no module'],
    ['is not a bus', [Unmarked], '`broadcastFrom` names Unmarked, which has none of the methods'],
    ['does not exist', [undefined as never], '`broadcastFrom` must be a list of buses'],
    ['is not in a list', EventBus as never, '`broadcastFrom` must be a list of buses'],
  ])('is an error at start when the bus %s', async (_what, broadcastFrom, message) => {
    const scoped = {
      provide: 'scoped',
      scope: Scope.REQUEST,
      useFactory: () => new EventEmitter2(),
    };
    const context = startContext({
      imports: [PusherTestingModule.forRoot({ options: { broadcastFrom } })],
      providers: [Unmarked, scoped],
    });
    await expect(context).rejects.toThrow(message);
  });

  it('works with a fake that replaces the service of a whole application', async () => {
    @Module({ imports: [PusherModule.forRoot(), CqrsModule.forRoot()] })
    class AppModule {}

    const fake = new FakePusherService({ broadcastFrom: [EventBus] });
    const testing = Test.createTestingModule({ imports: [AppModule] });
    const app = await replacePusher(testing, fake).compile();
    await app.init();
    app.get(EventBus).publish(new OrderShipped('1'));
    expect(channels(fake)).toEqual(['orders.1']);
    await app.close();
  });

  it('survives outages of a real app, and counts them', async () => {
    await using server = await PusherTestServer.start();
    const failures: string[] = [];
    const pusher = PusherModule.forRoot({
      ...server.options,
      broadcastFrom: [EventBus],
      retry: false,
      onFailure: ({ channels: failed }) => failures.push(...failed),
    });

    @Module({ imports: [pusher, CqrsModule.forRoot()], providers: [Handler] })
    class AppModule {}

    const context = await startContext({ imports: [AppModule] });
    const service = context.get(PusherService);
    server.failNext({ status: 500 });
    for (const id of ['1', '2']) {
      context.get(EventBus).publish(new OrderShipped(id));
      await service.flush();
    }
    expect(server.published().map((event) => event.channels)).toEqual([['orders.2']]);
    expect([failures, service.metrics().failed]).toEqual([['orders.1'], 1]);
    expect(received).toHaveLength(2);
  });
});
