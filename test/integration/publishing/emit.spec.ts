import { afterEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, type INestApplication, Injectable, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  HoldEvents,
  PusherModule,
  type PusherModuleOptions,
  type PublishFailure,
  PusherService,
  SocketId,
} from '../../../lib/index.js';
import { PusherTestServer } from '../../../lib/testing/index.js';
import { ADAPTERS } from '../../support/nest/adapters.js';

@Injectable()
class Orders {
  constructor(private readonly pusher: PusherService) {}

  @HoldEvents()
  async pay(id: string): Promise<void> {
    this.pusher.emit('orders', 'order.paid', { id }, { toOthers: true });
    await Promise.resolve();
    if (id === 'bad') throw new Error('rolled back');
  }
}

@Controller('orders')
class OrdersController {
  constructor(private readonly orders: Orders) {}

  @Post()
  async pay(@Body() { id }: { id: string }, @SocketId() socketId?: string): Promise<object> {
    await this.orders.pay(id).catch(() => undefined);
    return { socketId: socketId ?? null };
  }
}

describe.each(ADAPTERS)('emit in an application on %s', (_adapter, adapter) => {
  let server: PusherTestServer;
  let app: INestApplication;
  const failures: PublishFailure[] = [];

  async function start(options: Partial<PusherModuleOptions> = {}): Promise<string> {
    server = await PusherTestServer.start();
    const pusher = PusherModule.forRoot({
      ...server.options,
      socketIdHeader: 'X-Socket-ID',
      onFailure: (failure) => void failures.push(failure),
      retry: { maxAttempts: 2, baseDelayMs: 0 },
      ...options,
    });

    @Module({ imports: [pusher], providers: [Orders], controllers: [OrdersController] })
    class AppModule {}

    const built = await Test.createTestingModule({ imports: [AppModule] }).compile();
    app = built.createNestApplication(adapter(), { logger: false });
    app.setGlobalPrefix('api');
    await app.listen(0, '127.0.0.1');
    await (app as NestFastifyApplication).getHttpAdapter().getInstance().ready?.();
    return `${await app.getUrl()}/api/orders`;
  }

  afterEach(async () => {
    failures.length = 0;
    await app.close();
    await server.stop();
  });

  async function pay(
    address: string,
    id: string,
    headers: Record<string, string> = {},
  ): Promise<unknown> {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ id }),
    });
    return response.json();
  }

  it('leaves out the connection of the request, and sends what was committed only', async () => {
    const address = await start();
    expect(await pay(address, '7', { 'x-socket-id': '1.2' })).toEqual({ socketId: '1.2' });
    await pay(address, 'bad', { 'x-socket-id': '1.2' });
    await pay(address, '8');
    await app.get(PusherService).flush();
    expect(server.published().map(({ data, socketId }) => [data, socketId])).toEqual([
      ['{"id":"7"}', '1.2'],
      ['{"id":"8"}', undefined],
    ]);
  });

  it.each([
    ['of a careless client', 'undefined'],
    ['of another', 'null'],
    ['that is empty', ''],
    ['that is half', '1.'],
    ['that is two', '1.2, 3.4'],
    ['that is long', `1.${'2'.repeat(5000)}`],
  ])('ignores a header %s', async (_which, header) => {
    const address = await start();
    expect(await pay(address, '7', { 'x-socket-id': header })).toEqual({ socketId: null });
    await app.get(PusherService).flush();
    expect(server.published().map(({ event, socketId }) => [event, socketId])).toEqual([
      ['order.paid', undefined],
    ]);
  });

  it('keeps requests that are handled side by side apart', async () => {
    const address = await start();
    const ids = Array.from({ length: 40 }, (_, index) => `${index}.${index}`);
    await Promise.all(ids.map((id) => pay(address, id, { 'x-socket-id': id })));
    await app.get(PusherService).flush();
    const wrong = server
      .published()
      .filter(({ data, socketId }) => data !== JSON.stringify({ id: socketId }));
    expect([server.published().length, wrong]).toEqual([40, []]);
  });

  it('balances the books through random faults: emitted = delivered + failed', async () => {
    await start({ batching: true });
    const pusher = app.get(PusherService);
    for (let round = 0; round < 20; round += 1) {
      if (round % 3 === 0) server.failNext({ status: 500, times: 5 });
      if (round % 4 === 0) server.failNext({ status: 429, times: 3 });
      if (round % 5 === 0) server.failNext({ drop: 'before-response', times: 2 });
      for (let event = 0; event < 100; event += 1) pusher.emit('a', 'b', { round, event });
      await pusher.flush();
    }
    const { sent, failed } = pusher.metrics();
    expect([sent + failed, failures.length]).toEqual([2000, failed]);
    expect(failed).toBeGreaterThan(0);
    // A response that was lost is a failure here, although its events have arrived.
    const certain = failures.filter(({ error }) => !Reflect.get(error, 'maybeAccepted')).length;
    expect(server.published().length).toBeGreaterThanOrEqual(sent);
    expect(server.published().length).toBeLessThanOrEqual(2000 - certain);
  });

  it.each([
    ['alone', {}],
    ['in a batch', { batching: true }],
  ])('hands onFailure the error that trigger has, for events sent %s', async (_how, options) => {
    await start({ ...options, retry: false });
    const pusher = app.get(PusherService);
    server.failNext({ status: 403, times: 1 });
    pusher.emit(['a', 'b'], 'order.paid', {});
    await pusher.flush();
    server.failNext({ status: 403, times: 1 });
    const { error } = (await pusher.tryTrigger(['a', 'b'], 'order.paid', {})) as { error: Error };
    expect(failures).toMatchObject([{ app: 'default', event: 'order.paid', channels: ['a', 'b'] }]);
    expect(failures[0]?.error).toMatchObject({
      name: 'PusherRequestError',
      event: 'order.paid',
      channels: ['a', 'b'],
      host: `127.0.0.1:${server.port}`,
      message: error.message,
    });
  });

  it('waits for what was emitted when the application closes', async () => {
    await start();
    app.get(PusherService).emit('a', 'b', {});
    await app.close();
    expect(server.published()).toHaveLength(1);
  });
});

it('toOthers says which option it needs', async () => {
  await using server = await PusherTestServer.start();
  const built = await Test.createTestingModule({
    imports: [PusherModule.forRoot(server.options)],
  }).compile();
  const pusher = built.get(PusherService);
  expect(() => pusher.emit('a', 'b', {}, { toOthers: true })).toThrow(
    "socketIdHeader: 'x-socket-id'",
  );
  await expect(pusher.trigger('a', 'b', {}, { toOthers: true })).rejects.toThrow('socketIdHeader');
  expect(() => pusher.emit('a b', 'b', {})).toThrow('not a valid channel name');
  expect(() => pusher.emit('a', 'b', {}, { info: ['userCount'] } as never)).toThrow('`info`');
  await built.close();
});
