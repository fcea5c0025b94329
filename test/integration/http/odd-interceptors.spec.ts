import type { HttpService } from '@nestjs/axios';
import { NestFactory } from '@nestjs/core';
import { expect, it } from '@jest/globals';
import type { AxiosResponse } from 'axios';
import { PusherConnectionError } from '../../../lib/errors/pusher-connection.error.js';
import { PusherModule } from '../../../lib/pusher.module.js';
import { httpToken } from '../../../lib/pusher.tokens.js';
import { PusherService } from '../../../lib/pusher.service.js';
import { PusherTestServer } from '../../../lib/testing/index.js';

type Interceptor = (response: AxiosResponse) => unknown;

function fail(error: unknown): Interceptor {
  return () => {
    throw error;
  };
}

const cyclic: Record<string, unknown> = {};
cyclic['itself'] = cyclic;
const odd = Object.assign(new Error(), { message: Symbol('odd') });
const unreadable = {
  get isAxiosError(): boolean {
    throw odd;
  },
};

const ODD: [string, Interceptor][] = [
  ['throws an error without a message', fail(odd)],
  ['throws what cannot be read', fail(unreadable)],
  ['throws what has symbols for strings', fail({ isAxiosError: true, code: Symbol('c') })],
  ['throws a cyclic response', fail({ isAxiosError: true, response: { status: 1, data: cyclic } })],
  ['returns data that JSON cannot hold', (response) => ({ ...response, data: 1n })],
];

it.each(ODD)(
  'an interceptor that %s fails each trigger, and none after it was removed',
  async (_what, interceptor) => {
    await using server = await PusherTestServer.start();
    const app = await NestFactory.createApplicationContext(
      PusherModule.forRoot({ url: server.url, retry: false, batching: { maxInFlight: 1 } }),
      { logger: false },
    );
    const { axiosRef } = await app.resolve<HttpService>(httpToken());
    const pusher = app.get(PusherService);
    const id = axiosRef.interceptors.response.use(interceptor as never);
    const triggers = ['a', 'b', 'c'].map((channel) => pusher.tryTrigger(channel, 'e', 1));
    for (const result of await Promise.all(triggers))
      expect(result).toMatchObject({ error: expect.any(PusherConnectionError) });
    axiosRef.interceptors.response.eject(id);
    expect(await pusher.tryTrigger('d', 'e', 1)).toMatchObject({ ok: true });
    await app.close();
  },
);

it.each(ODD)(
  'an interceptor that %s has a trigger sent once, and reported as perhaps accepted',
  async (_what, interceptor) => {
    await using server = await PusherTestServer.start();
    const app = await NestFactory.createApplicationContext(
      PusherModule.forRoot({ url: server.url }),
      { logger: false },
    );
    (await app.resolve<HttpService>(httpToken())).axiosRef.interceptors.response.use(
      interceptor as never,
    );
    expect(await app.get(PusherService).tryTrigger('a', 'e', 1)).toMatchObject({
      error: { code: 'PUSHER_CONNECTION_FAILED', attempts: 1, maybeAccepted: true },
    });
    expect(server.published()).toHaveLength(1);
    await app.close();
  },
);

it('headers that an interceptor set to numbers are ignored', async () => {
  await using server = await PusherTestServer.start();
  const app = await NestFactory.createApplicationContext(
    PusherModule.forRoot({ url: server.url, retry: false }),
    { logger: false },
  );
  const { axiosRef } = await app.resolve<HttpService>(httpToken());
  axiosRef.interceptors.response.use((response) => ({
    ...response,
    status: 503,
    headers: { 'retry-after': 5, date: 7 },
  }));
  const result = await app.get(PusherService).tryTrigger('a', 'e', 1);
  expect(result).toMatchObject({ error: { code: 'PUSHER_REQUEST_REJECTED', status: 503 } });
  await app.close();
});
