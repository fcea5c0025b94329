import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Broadcast, type PublishFailure, TriggerEvent } from '../../../lib/index.js';
import { FakePusherService, PusherTestingModule } from '../../../lib/testing/index.js';
import { startContext } from '../../support/nest/app-with-pusher.js';

const fails = (): never => {
  throw new RangeError('mine');
};

@Injectable()
class Orders {
  @TriggerEvent({ event: 'invalid', channels: () => ['orders', 'not valid'] })
  invalid(): string {
    return 'result';
  }

  @TriggerEvent({ event: 'unknown', channels: fails })
  unknown(): string {
    return 'result';
  }

  @TriggerEvent({ event: 'lost', channels: 'orders' })
  async lost(): Promise<string> {
    return Promise.resolve('result');
  }
}

@Broadcast({ as: 'shipped', on: 'orders', with: fails })
class Shipped {}

const rejections: unknown[] = [];
const record = (reason: unknown): void => void rejections.push(reason);

beforeAll(() => void process.on('unhandledRejection', record));
afterAll(() => void process.off('unhandledRejection', record));

let failures: PublishFailure[] = [];
let pusher: FakePusherService;
let orders: Orders;
let emitter: EventEmitter2;

beforeEach(async () => {
  failures = [];
  const options = {
    broadcastFrom: [EventEmitter2],
    onFailure: (failure: PublishFailure) => {
      failures.push(failure);
      throw new Error('onFailure itself fails');
    },
  };
  const context = await startContext({
    imports: [PusherTestingModule.forRoot({ options }), EventEmitterModule.forRoot()],
    providers: [Orders],
  });
  pusher = context.get(FakePusherService);
  orders = context.get(Orders);
  emitter = context.get(EventEmitter2);
});

/** Resolves when Node has reported the rejections that nobody handles. */
async function afterAllPromises(): Promise<void> {
  await new Promise(setImmediate);
  pusher.assertNothingTriggered();
}

it.each<[string, () => unknown, string[], string]>([
  [
    'a channel name is not valid',
    () => orders.invalid(),
    ['orders', 'not valid'],
    'not a valid channel name',
  ],
  ['the channels cannot be found', () => orders.unknown(), [], 'mine'],
  ['there is an outage', () => orders.lost(), ['orders'], 'outage'],
])('@TriggerEvent calls onFailure and keeps the result when %s', async (...given) => {
  const [, call, channels, message] = given;
  pusher.failNext(new Error('outage'));
  expect(await call()).toBe('result');
  await afterAllPromises();
  expect(failures).toMatchObject([{ app: 'default', channels }]);
  expect(failures[0]?.error.message).toContain(message);
  expect(pusher.metrics()).toMatchObject({ failed: 1, sent: 0 });
  expect(rejections).toEqual([]);
});

it('broadcastFrom calls onFailure when an event cannot be broadcast', async () => {
  expect(emitter.emit('order.shipped', new Shipped())).toBe(false);
  await afterAllPromises();
  expect(failures).toMatchObject([{ app: 'default', event: 'shipped', channels: [] }]);
  expect(failures[0]?.error).toBeInstanceOf(RangeError);
  expect(pusher.metrics().failed).toBe(1);
  expect(rejections).toEqual([]);
});
