import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, type INestApplication, Injectable, Module, Post } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { defer, firstValueFrom, lastValueFrom, type Observable, Subject } from 'rxjs';
import { PusherModule, PusherService, TriggerEvent } from '../../../lib/index.js';
import { PusherTestServer } from '../../../lib/testing/index.js';
import { ADAPTERS } from '../../support/nest/adapters.js';

/*
 * The package nestjs-pusher (3.0.3) passes the header x-pusher-sid to `trigger` without a check and
 * without waiting: a malformed one is an unhandled rejection, which ends the process. Its decorators do
 * nothing on the methods of services, because only an interceptor reads them.
 */

interface Message {
  id: string;
}

const created = {
  event: 'created',
  channels: (message: Message) => `rooms.${message.id}`,
  toOthers: true,
};

@Injectable()
class Messages {
  readonly arrived = new Subject<void>();
  readonly finished = new Subject<Message>();
  /** What requests wait for: finished by another request. */
  readonly result = defer(() => {
    this.arrived.next();
    return this.finished;
  });

  @TriggerEvent(created)
  create(id: string): Message {
    return { id };
  }
}

@Controller()
class MessagesController {
  constructor(private readonly messages: Messages) {}

  @Post('controller')
  @TriggerEvent(created)
  inController(@Body() message: Message): Message {
    return message;
  }

  @Post('waiting/stream')
  @TriggerEvent(created)
  stream(): Observable<Message> {
    return this.messages.result;
  }

  @Post('waiting/promise')
  @TriggerEvent(created)
  async promise(): Promise<Message> {
    return lastValueFrom(this.messages.result);
  }

  @Post('finish')
  finish(@Body() message: Message): void {
    this.messages.finished.next(message);
    this.messages.finished.complete();
  }

  @Post('service')
  inService(@Body() { id }: Message): Message {
    return this.messages.create(id);
  }
}

const rejections: unknown[] = [];
const record = (reason: unknown): void => void rejections.push(reason);

let server: PusherTestServer;
let app: INestApplication;

beforeAll(() => void process.on('unhandledRejection', record));
afterAll(() => void process.off('unhandledRejection', record));

beforeEach(async () => {
  rejections.length = 0;
  server = await PusherTestServer.start();
});

afterEach(async () => {
  await app.close();
  await server.stop();
});

async function start(adapter: (typeof ADAPTERS)[number][1]): Promise<string> {
  const pusher = PusherModule.forRoot({ ...server.options, socketIdHeader: 'x-pusher-sid' });

  @Module({ imports: [pusher], providers: [Messages], controllers: [MessagesController] })
  class AppModule {}

  const built = await Test.createTestingModule({ imports: [AppModule] }).compile();
  app = built.createNestApplication(adapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

async function post(url: string, socketId: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json', 'x-pusher-sid': socketId };
  const response = await fetch(url, { method: 'POST', headers, body: '{"id":"7"}' });
  const text = await response.text();
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  await app.get(PusherService).flush();
  return [response.status, body];
}

describe.each(ADAPTERS)('@TriggerEvent on %s', (_name, adapter) => {
  it.each(['', 'undefined', 'null', 'socket', '1', '1.2.3', '1.2, 3.4', '../../x', '-1.2', '1.2é'])(
    'responds, publishes and rejects nothing when the socket id of the request is "%s"',
    async (socketId) => {
      const address = await start(adapter);
      expect(await post(`${address}/controller`, socketId)).toEqual([201, { id: '7' }]);
      expect(server.published()).toMatchObject([{ event: 'created', channels: ['rooms.7'] }]);
      expect(server.published()[0]).not.toHaveProperty('socketId', expect.anything());
      expect(rejections).toEqual([]);
    },
  );

  it.each(['controller', 'service'])(
    'publishes from a method of a %s to all but the sender',
    async (place) => {
      const address = await start(adapter);
      expect(await post(`${address}/${place}`, '1.2')).toEqual([201, { id: '7' }]);
      expect(server.published()).toMatchObject([
        { event: 'created', channels: ['rooms.7'], socketId: '1.2' },
      ]);
    },
  );

  it.each(['stream', 'promise'])(
    'leaves out the sender of the request, whoever completes its %s',
    async (result) => {
      const address = await start(adapter);
      const arrived = firstValueFrom(app.get(Messages).arrived);
      const waited = post(`${address}/waiting/${result}`, '1.2');
      await arrived;
      await post(`${address}/finish`, '3.4');
      expect(await waited).toEqual([201, { id: '7' }]);
      expect(server.published()).toMatchObject([{ channels: ['rooms.7'], socketId: '1.2' }]);
    },
  );
});
