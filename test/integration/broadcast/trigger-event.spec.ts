import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  type INestApplication,
  Injectable,
  Module,
  Post,
  Scope,
} from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  concat,
  EMPTY,
  lastValueFrom,
  map,
  type Observable,
  of,
  range,
  take,
  throwError,
  toArray,
} from 'rxjs';
import { PusherModule, PusherService, TriggerEvent } from '../../../lib/index.js';
import { PusherTestServer } from '../../../lib/testing/index.js';
import { ADAPTERS } from '../../support/nest/adapters.js';

interface Message {
  id: string;
}

const created = { event: 'created', channels: (message: Message) => `rooms.${message.id}` };

@Injectable()
class Plain {
  @TriggerEvent({ ...created, data: (_message: Message, note: string) => ({ note }) })
  @TriggerEvent({ event: 'other', channels: ['a', 'b'], when: ({ id }: Message) => id === '1' })
  create(note: string): Message {
    return { id: note === 'not' ? '2' : '1' };
  }

  @TriggerEvent(created)
  stream(): Observable<Message> {
    return of({ id: '1' }, { id: '2' });
  }

  @TriggerEvent(created)
  endless(): Observable<Message> {
    return range(0, Infinity).pipe(map((id) => ({ id: String(id) })));
  }

  @TriggerEvent({ event: 'broken', channels: 'a' })
  broken(error?: Error): Observable<unknown> {
    return error === undefined
      ? EMPTY
      : concat(
          of('before'),
          throwError(() => error),
        );
  }

  @TriggerEvent({ ...created, onFailure: 'throw' })
  async strict(id: string): Promise<Message> {
    return Promise.resolve({ id });
  }

  @TriggerEvent({ ...created, onFailure: 'throw' })
  strictStream(id: string): Observable<Message> {
    return of({ id });
  }

  @TriggerEvent({
    event: 'faulty',
    channels: () => {
      throw new Error('no channels');
    },
  })
  @TriggerEvent({ event: 'async', channels: 'a', data: () => Promise.reject(new Error('later')) })
  async faulty(): Promise<string> {
    return Promise.resolve('fine');
  }

  @TriggerEvent({ event: 'failed', channels: 'a' })
  async failing(): Promise<string> {
    return Promise.reject(new Error('mine'));
  }
}

@Injectable({ scope: Scope.REQUEST })
class PerRequest {
  @TriggerEvent(created)
  async create(): Promise<Message> {
    return Promise.resolve({ id: '3' });
  }
}

@Controller()
class Messages {
  constructor(private readonly perRequest: PerRequest) {}

  @TriggerEvent({ ...created, toOthers: true })
  @Post('above')
  @HttpCode(202)
  above(@Body() message: Message): Message {
    return message;
  }

  @Post('below')
  @HttpCode(202)
  @TriggerEvent({ ...created, toOthers: true })
  async below(@Body() message: Message): Promise<Message> {
    return Promise.resolve(message);
  }

  @Get('per-request')
  async nested(): Promise<Message> {
    return this.perRequest.create();
  }
}

let server: PusherTestServer;
let app: INestApplication;

afterEach(async () => {
  await app.close();
  await server.stop();
});

async function start(adapter = ADAPTERS[0][1] as (typeof ADAPTERS)[number][1]): Promise<string> {
  server = await PusherTestServer.start();
  const pusher = PusherModule.forRoot({
    ...server.options,
    socketIdHeader: 'X-Socket-ID',
    retry: { maxAttempts: 1 },
  });

  @Module({ imports: [pusher], providers: [Plain, PerRequest], controllers: [Messages] })
  class AppModule {}

  const built = await Test.createTestingModule({ imports: [AppModule] }).compile();
  app = built.createNestApplication(adapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  await (app as NestFastifyApplication).getHttpAdapter().getInstance().ready?.();
  return app.getUrl();
}

async function published(): Promise<unknown[]> {
  await app.get(PusherService).flush();
  return server.published().map(({ event, channels, data }) => [event, channels.join(), data]);
}

describe.each(ADAPTERS)('@TriggerEvent in controllers on %s', (_name, adapter) => {
  it.each(['above', 'below'])('works %s @Post', async (path) => {
    const address = await start(adapter);
    const response = await fetch(`${address}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-socket-id': '1.2' },
      body: '{"id":"7"}',
    });
    expect([response.status, await response.json()]).toEqual([202, { id: '7' }]);
    expect(await published()).toEqual([['created', 'rooms.7', '{"id":"7"}']]);
    expect(server.published()[0]?.socketId).toBe('1.2');
  });

  it.each(['undefined', '1.2, 3.4', `1.${'2'.repeat(5000)}`])(
    'responds as usual to the hostile socket id %.20s',
    async (header) => {
      const address = await start(adapter);
      const response = await fetch(`${address}/below`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-socket-id': header },
        body: '{"id":"7"}',
      });
      expect([response.status, await response.json()]).toEqual([202, { id: '7' }]);
      expect(await published()).toHaveLength(1);
    },
  );

  it('works on providers that are created for a request', async () => {
    const address = await start(adapter);
    expect(await (await fetch(`${address}/per-request`)).json()).toEqual({ id: '3' });
    expect(await published()).toEqual([['created', 'rooms.3', '{"id":"3"}']]);
  });

  it('keeps the response when the channel name is not valid, and in an outage', async () => {
    const address = await start(adapter);
    server.failNext({ status: 500, times: 5 });
    for (const id of ['a b', 'x']) {
      const response = await fetch(`${address}/below`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id }),
      });
      expect([response.status, await response.json()]).toEqual([202, { id }]);
    }
    expect(await published()).toEqual([]);
    expect(app.get(PusherService).metrics().failed).toBe(2);
  });
});

describe('@TriggerEvent on a service', () => {
  it('publishes several events of one method, with result and arguments, and only when wanted', async () => {
    await start();
    expect(app.get(Plain).create('hello')).toEqual({ id: '1' });
    app.get(Plain).create('not');
    const events = (await published()).map(String).toSorted();
    expect(events).toEqual([
      'created,rooms.1,{"note":"hello"}',
      'created,rooms.2,{"note":"not"}',
      'other,a,b,{"id":"1"}',
    ]);
  });

  it('publishes once for an Observable, its last value', async () => {
    await start();
    expect(await lastValueFrom(app.get(Plain).stream())).toEqual({ id: '2' });
    expect(await published()).toEqual([['created', 'rooms.2', '{"id":"2"}']]);
  });

  it('stops an endless Observable when its subscriber has enough, and publishes nothing', async () => {
    await start();
    const few = app.get(Plain).endless().pipe(take(2), toArray());
    expect(await lastValueFrom(few)).toEqual([{ id: '0' }, { id: '1' }]);
    expect(await published()).toEqual([]);
  });

  it('publishes nothing for an Observable that fails or has no value', async () => {
    await start();
    const plain = app.get(Plain);
    await expect(lastValueFrom(plain.broken(new Error('mine')))).rejects.toThrow('mine');
    expect(await lastValueFrom(plain.broken(), { defaultValue: 'none' })).toBe('none');
    expect(await published()).toEqual([]);
  });

  it('keeps the result when its functions throw or reject', async () => {
    await start();
    expect(await app.get(Plain).faulty()).toBe('fine');
    expect(await published()).toEqual([]);
  });

  it('publishes nothing when the method fails', async () => {
    await start();
    await expect(app.get(Plain).failing()).rejects.toThrow('mine');
    expect(await published()).toEqual([]);
  });

  it('rejects with onFailure: throw, and otherwise has been accepted when it returns', async () => {
    await start();
    const plain = app.get(Plain);
    await expect(plain.strict('a b')).rejects.toThrow('not a valid channel name');
    await expect(lastValueFrom(plain.strictStream('a b'))).rejects.toThrow('not a valid channel');
    server.failNext({ status: 500 });
    await expect(plain.strict('1')).rejects.toThrow('500');
    expect(await plain.strict('1')).toEqual({ id: '1' });
    expect(server.published()).toHaveLength(1);
  });
});
