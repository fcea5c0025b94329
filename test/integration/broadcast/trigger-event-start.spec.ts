import { expect, it } from '@jest/globals';
import { Injectable, Module, SetMetadata } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { PusherModule, PusherService, TriggerEvent } from '../../../lib/index.js';
import {
  FakePusherService,
  PusherTestingModule,
  PusherTestServer,
} from '../../../lib/testing/index.js';
import { startContext } from '../../support/nest/app-with-pusher.js';

interface Message {
  id: string;
}

@Injectable()
class Orders {
  @SetMetadata('above', 1)
  @TriggerEvent<Orders['create']>({
    event: 'created',
    channels: (order, id) => `${order.id}${id.trim()}`,
  })
  @SetMetadata('below', 2)
  create(id: string): Message {
    return { id };
  }
}

@Injectable()
class Elsewhere {
  @TriggerEvent({ event: 'created', channels: 'a', app: 'eu' })
  create(): void {}
}

/** What must not compile: running `tsc` over the tests is the check. */
class Types {
  @TriggerEvent({
    event: 'e',
    channels: 'a',
    when: (_message: Message, count: number) => count > 1,
  })
  fits(_count: number, _more: string): Promise<Message> {
    return Promise.resolve({ id: '1' });
  }

  // @ts-expect-error the method returns a number
  @TriggerEvent({ event: 'e', channels: (message: Message) => message.id })
  wrongResult(): number {
    return 1;
  }

  // @ts-expect-error the argument is a string
  @TriggerEvent({ event: 'e', channels: (_message: Message, count: number) => `a${count}` })
  wrongArgument(id: string): Message {
    return { id };
  }

  // @ts-expect-error the argument of data is a string
  @TriggerEvent({ event: 'e', channels: 'a', data: (_message: Message, count: number) => count })
  wrongData(id: string): Message {
    return { id };
  }

  // @ts-expect-error a message has no name
  @TriggerEvent<Types['wrongField']>({ event: 'e', channels: (message) => message.name })
  wrongField(): Message {
    return { id: '1' };
  }
}

it('keeps name, length and the metadata of decorators above and below', () => {
  const create = Reflect.get(Orders.prototype, 'create') as object;
  expect([Reflect.get(create, 'name'), Reflect.get(create, 'length')]).toEqual(['create', 1]);
  expect(Reflect.getMetadata('above', create)).toBe(1);
  expect(Reflect.getMetadata('below', create)).toBe(2);
});

it('changes nothing for objects outside of Nest', () => {
  const orders = new Orders();
  expect(orders.create('1')).toEqual({ id: '1' });
  expect(Reflect.ownKeys(orders)).toEqual([]);
});

it('does not start without the module, and names the method', async () => {
  const start = Test.createTestingModule({ providers: [Orders] }).compile();
  await expect(start).rejects.toThrow('@TriggerEvent() of Orders.create, which needs PusherModule');
});

it('does not start with an unknown app, and names the method', async () => {
  await using server = await PusherTestServer.start();
  const pusher = PusherModule.forRoot(server.options);
  const built = await Test.createTestingModule({
    imports: [pusher],
    providers: [Elsewhere],
  }).compile();
  await expect(built.init()).rejects.toThrow(
    '@TriggerEvent of Elsewhere.create: no app is named "eu"',
  );
});

it('does not start with names that the server of the app does not accept, and names the methods', async () => {
  class Reserved {
    @TriggerEvent({ event: 'pusher-notification', channels: 'a' })
    reserved(): void {}

    @TriggerEvent({ event: 'created', channels: ['a', 'b'.repeat(201)] })
    long(): void {}
  }
  const built = await Test.createTestingModule({
    imports: [PusherTestingModule.forRoot()],
    providers: [Reserved],
  }).compile();
  const failure = await built.init().catch((error: unknown) => error as Error);
  expect(failure).toHaveProperty(
    'message',
    expect.stringMatching(
      /Reserved\.reserved: `event` starts with "pusher".*\n.*Reserved\.long: `channels` has 201 characters/,
    ),
  );
});

it('publishes to a named app, also for an object that a factory has created', async () => {
  await using server = await PusherTestServer.start();
  const pusher = PusherModule.forRoot(server.options);

  @Module({
    imports: [pusher, PusherModule.forRoot({ ...server.options, name: 'eu' })],
    providers: [{ provide: 'orders', useFactory: () => new Orders() }, Elsewhere],
  })
  class AppModule {}

  const app = await Test.createTestingModule({ imports: [AppModule] }).compile();
  await app.init();
  app.get<Orders>('orders').create('1');
  await app.get(PusherService).flush();
  expect(server.published().map(({ channels }) => channels)).toEqual([['11']]);
  await app.close();
});

it('publishes nothing for objects outside of Nest once the application is closed', async () => {
  const app = await startContext({
    imports: [PusherTestingModule.forRoot()],
    providers: [{ provide: 'orders', useFactory: () => new Orders() }],
  });
  const pusher = app.get(FakePusherService);
  const orders = new Orders();
  orders.create('1');
  expect(pusher.triggered()).toHaveLength(1);
  await app.close();
  expect(orders.create('2')).toEqual({ id: '2' });
  expect(pusher.triggered()).toHaveLength(1);
});

it.each([
  [{ channels: 'a' }, '`event` is missing'],
  [{ event: 'e', channel: 'a' }, 'use `channels`'],
  [{ event: 'e', channels: 'a', onFailure: 'ignore' }, "`onFailure` must be 'rescue' or 'throw'"],
])('refuses the options %j', (options, message) => {
  expect(() => TriggerEvent(options as never)).toThrow(message);
});

it('leaves methods callable whose types fit', async () => {
  expect(await new Types().fits(1, 'more')).toEqual({ id: '1' });
});
