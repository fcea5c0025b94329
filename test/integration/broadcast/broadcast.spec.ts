import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type INestApplicationContext, Module } from '@nestjs/common';
import {
  Broadcast,
  getPusherToken,
  PusherModule,
  PusherOptionsError,
  PusherService,
  PusherValidationError,
} from '../../../lib/index.js';
import {
  FakePusherService,
  PusherTestServer,
  PusherTestingModule,
} from '../../../lib/testing/index.js';
import { startContext } from '../../support/nest/app-with-pusher.js';

@Broadcast<OrderShipped>({
  as: 'order.shipped',
  on: (event) => `private-orders.${event.id}`,
  with: (event) => ({ id: event.id }),
})
class OrderShipped {
  constructor(
    readonly id: string,
    readonly costPrice: number,
  ) {}
}

class ExpressOrderShipped extends OrderShipped {}

@Broadcast({
  as: 'gift.shipped',
  on: ['gifts', 'news'],
  with: (event: GiftShipped) => event.wrapping,
  when: (event) => event.id !== 'secret',
})
class GiftShipped extends OrderShipped {
  readonly wrapping = 'red';
}

@Broadcast({ as: 'seen', on: 'all', with: () => null })
@Broadcast({ as: 'seen.inside', on: 'staff', with: (event: Seen) => ({ by: event.by }) })
class Seen {
  private constructor(readonly by: string) {}

  static now(by: string): Seen {
    return new Seen(by);
  }
}

@Broadcast({ as: 'moved', on: 'moves', with: () => null, app: 'eu' })
class Moved {}

@Broadcast({ as: 'partly', on: 'partly', with: () => null })
@Broadcast<Faulty>({ as: 'faulty', on: 'faulty', with: (event) => event.fault() })
class Faulty {
  constructor(readonly fault: () => unknown) {}
}

class Unmarked {}

describe('pusher.broadcast', () => {
  let pusher: FakePusherService;

  beforeEach(() => {
    pusher = new FakePusherService();
  });

  it('publishes nothing but what the class names', () => {
    pusher.broadcast(new OrderShipped('7', 3));
    expect(pusher.triggered()).toEqual([
      { channels: ['private-orders.7'], event: 'order.shipped', data: { id: '7' } },
    ]);
  });

  it('publishes objects of subclasses as the nearest class declares', () => {
    pusher.broadcast(new ExpressOrderShipped('7', 3));
    pusher.broadcast(new GiftShipped('8', 3));
    pusher.broadcast(new GiftShipped('secret', 3));
    expect(pusher.triggered()).toEqual([
      { channels: ['private-orders.7'], event: 'order.shipped', data: { id: '7' } },
      { channels: ['gifts', 'news'], event: 'gift.shipped', data: 'red' },
    ]);
  });

  it('publishes several events of one class in the order in which they are written', () => {
    pusher.broadcast(Seen.now('me'));
    expect(pusher.triggered()).toEqual([
      { channels: ['all'], event: 'seen', data: null },
      { channels: ['staff'], event: 'seen.inside', data: { by: 'me' } },
    ]);
  });

  it('holds what is broadcast within holdEvents', () => {
    pusher.holdEvents(() => {
      pusher.broadcast(new OrderShipped('7', 3));
      pusher.assertNothingTriggered();
    });
    pusher.assertTriggered('order.shipped', 'private-orders.7');
    const failing = (): void =>
      pusher.holdEvents(() => {
        pusher.broadcast(new OrderShipped('8', 3));
        throw new Error('rolled back');
      });
    expect(failing).toThrow('rolled back');
    pusher.assertTriggeredTimes('order.shipped', 1);
  });

  it.each<[string, unknown, string]>([
    ['an object of another class', new Unmarked(), 'one of Unmarked was given'],
    ['a plain object', { id: '7' }, 'an object was given'],
    ['the class itself', OrderShipped, 'a function was given'],
    ['nothing', undefined, 'undefined was given'],
    ['an object without a class', Object.create(null), 'an object was given'],
    [
      'a field that claims to be the class',
      { constructor: OrderShipped, id: '7' },
      'an object was given',
    ],
  ])('throws for %s', (_what, event, message) => {
    const broadcast = (): void => pusher.broadcast(event as object);
    expect(broadcast).toThrow(PusherValidationError);
    expect(broadcast).toThrow(message);
  });

  it('throws for an invalid channel, and sends nothing', () => {
    expect(() => pusher.broadcast(new OrderShipped('not valid', 3))).toThrow(PusherValidationError);
    pusher.assertNothingTriggered();
  });

  it('publishes no event of a class when one of them cannot be read', () => {
    const event = new Faulty(() => {
      throw new RangeError('mine');
    });
    expect(() => pusher.broadcast(event)).toThrow('mine');
    const later = new Faulty(() => Promise.reject(new Error('later')));
    expect(() => pusher.broadcast(later)).toThrow('`with` must return a value; a promise');
    pusher.assertNothingTriggered();
  });

  it('never throws for an outage', async () => {
    const context = await startContext({ imports: [PusherTestingModule.forRoot()] });
    const fake = context.get(FakePusherService);
    fake.failNext(new Error('outage'));
    fake.broadcast(new OrderShipped('7', 3));
    await fake.flush();
    fake.assertNothingTriggered();
    expect(fake.metrics().failed).toBe(1);
  });
});

describe('@Broadcast with an app', () => {
  it('publishes on that app, whichever service broadcasts', async () => {
    const context = await startContext({
      imports: [PusherTestingModule.forRoot(), PusherTestingModule.forRoot({ name: 'eu' })],
    });
    context.get(FakePusherService).broadcast(new Moved());
    context.get(FakePusherService).assertNothingTriggered();
    expect(eu(context).triggered()).toEqual([{ channels: ['moves'], event: 'moved', data: null }]);
  });

  it('publishes on the app of the service when the class names none', async () => {
    const context = await startContext({
      imports: [PusherTestingModule.forRoot(), PusherTestingModule.forRoot({ name: 'eu' })],
    });
    eu(context).broadcast(new OrderShipped('7', 3));
    context.get(FakePusherService).assertNothingTriggered();
    eu(context).assertTriggered('order.shipped', 'private-orders.7');
  });

  it('throws when no app has the name', async () => {
    const context = await startContext({ imports: [PusherTestingModule.forRoot()] });
    const broadcast = (): void => context.get(PusherService).broadcast(new Moved());
    expect(broadcast).toThrow(PusherValidationError);
    expect(broadcast).toThrow('no app is named "eu". Register it with PusherModule.forRoot(');
  });
});

function eu(context: INestApplicationContext): FakePusherService {
  return context.get<FakePusherService>(getPusherToken('eu'));
}

it('@Broadcast rejects at compile time what does not fit the class', () => {
  // Running `tsc` over the tests is the check.
  const wrong = [
    // @ts-expect-error an order has no name
    () => Broadcast<OrderShipped>({ as: 'e', on: (event) => event.name, with: () => null }),
    // @ts-expect-error nothing of an object is sent unless it is named
    () => Broadcast<OrderShipped>({ as: 'e', on: 'orders' }),
    // @ts-expect-error the decorator is for orders
    () => Broadcast<OrderShipped>({ as: 'e', on: 'orders', with: () => null })(Unmarked),
  ];
  expect(wrong[1]).toThrow('`with` is missing');
});

describe('the options of @Broadcast', () => {
  const options = { as: 'e', on: 'a', with: () => null };

  it.each<[object | undefined, string]>([
    [undefined, '`as` is missing'],
    [{ ...options, as: undefined }, '`as` is missing'],
    [{ ...options, on: null }, '`on` is missing'],
    [{ as: 'e', on: 'a' }, '`with` is missing. Example: { as: '],
    [{ ...options, with: { id: 1 } }, '`with` must be a function that returns what is sent'],
    [{ ...options, on: [], as: '' }, '`as` must be the name of the event'],
    [{ ...options, data: () => null }, 'use `with`'],
    [{ ...options, channel: 'a' }, 'use `on`'],
    [{ ...options, onFailure: 'throw' }, '`onFailure` is not an option'],
  ])('are refused when they are %j', (given, message) => {
    expect(() => Broadcast(given as never)).toThrow(PusherOptionsError);
    expect(() => Broadcast(given as never)).toThrow(message);
  });
});

describe('pusher.broadcast of a real app', () => {
  let server: PusherTestServer;

  beforeEach(async () => {
    server = await PusherTestServer.start();
  });
  afterEach(() => server.stop());

  it('sends the event behind the caller, and flush waits for it', async () => {
    @Module({ imports: [PusherModule.forRoot(server.options)] })
    class AppModule {}

    const context = await startContext({ imports: [AppModule] });
    const pusher = context.get(PusherService);
    expect(pusher.broadcast(new OrderShipped('7', 3))).toBeUndefined();
    await pusher.flush();
    expect(server.published()).toMatchObject([
      { event: 'order.shipped', channels: ['private-orders.7'], data: '{"id":"7"}' },
    ]);
  });
});
