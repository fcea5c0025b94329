import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Agent } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  type AxiosRequestConfig,
  type InternalAxiosRequestConfig,
  isAxiosError,
  isCancel,
} from 'axios';
import { firstValueFrom } from 'rxjs';
import type { ApiRequest } from '../../../lib/http/api.js';
import type { Clock } from '../../../lib/runtime/clock.js';
import { Secret } from '../../../lib/runtime/secret.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { type RawClient, rawClient } from '../../support/raw/client.js';
import { rawOptions } from '../../support/raw/options.js';
import { RawServer } from '../../support/raw/server.js';

const TRIGGER: ApiRequest = { method: 'POST', path: '/events', body: '{"ü":1}', idempotent: false };
const QUERY: ApiRequest = { method: 'GET', path: '/channels', idempotent: true };

let server: RawServer;
let clients: RawClient[];

async function client(axios?: AxiosRequestConfig, clock?: Clock): Promise<RawClient> {
  const made = await rawClient(
    rawOptions({
      endpoint: { origin: server.origin },
      http: axios && { axios: new Secret(axios) },
    }),
    clock,
  );
  clients.push(made);
  return made;
}

/** Whether the request went through axios. */
async function goesThroughAxios({ api, httpService }: RawClient): Promise<boolean> {
  const request = jest.spyOn(httpService.axiosRef, 'request');
  await api.request(QUERY);
  const { length } = request.mock.calls;
  request.mockRestore();
  return length > 0;
}

function failureOf({ api }: RawClient, request: ApiRequest): Promise<unknown> {
  return api.request(request).then(
    () => undefined,
    (error: unknown) => error,
  );
}

function setTransformer({ transformResponse }: { transformResponse?: unknown }): void {
  if (Array.isArray(transformResponse)) transformResponse.push((text: unknown) => text);
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

function boom(): never {
  throw new Error('boom');
}

beforeEach(async () => {
  server = await RawServer.start();
  clients = [];
});

afterEach(async () => {
  for (const { api } of clients) await api.close(0);
  await server.stop();
});

describe('a request', () => {
  it('goes directly to the pool while the application has added nothing', async () => {
    expect(await goesThroughAxios(await client())).toBe(false);
  });

  it('goes through the HttpService while there is an interceptor, and no longer', async () => {
    const made = await client();
    const { interceptors } = made.httpService.axiosRef;
    for (const manager of [interceptors.request, interceptors.response]) {
      const id = manager.use(null);
      expect(await goesThroughAxios(made)).toBe(true);
      manager.eject(id);
      expect(await goesThroughAxios(made)).toBe(false);
    }
    interceptors.request.use((config) => config);
    interceptors.request.clear();
    expect(await goesThroughAxios(made)).toBe(false);
  });

  it.each<[string, (made: RawClient) => void]>([
    [
      'a common header',
      ({ httpService: { axiosRef } }) => (axiosRef.defaults.headers.common['X-A'] = '1'),
    ],
    [
      'a header of POST',
      ({ httpService: { axiosRef } }) => (axiosRef.defaults.headers.post['X-A'] = '1'),
    ],
    ['the timeout', ({ httpService: { axiosRef } }) => (axiosRef.defaults.timeout = 77)],
    [
      'a setting that was not there',
      ({ httpService: { axiosRef } }) => (axiosRef.defaults.maxRate = 7),
    ],
    ['an adapter', ({ httpService: { axiosRef } }) => (axiosRef.defaults.adapter = 'http')],
    ['a transformer', ({ httpService: { axiosRef } }) => setTransformer(axiosRef.defaults)],
  ])('goes through the HttpService once the application has set %s', async (_what, change) => {
    const made = await client();
    change(made);
    expect(await goesThroughAxios(made)).toBe(true);
  });

  it('goes through the HttpService when there are axios settings in the options', async () => {
    expect(await goesThroughAxios(await client({}))).toBe(true);
  });

  it('has the same bytes either way', async () => {
    const direct = await client();
    const through = await client({});
    for (const request of [TRIGGER, QUERY]) {
      server.seen.length = 0;
      await direct.api.request(request);
      await through.api.request(request);
      const [one, two] = server.seen;
      expect(two?.body).toBe(one?.body);
      expect(two?.headers).toEqual(one?.headers);
    }
  });
});

describe('a customized HttpService', () => {
  it('has interceptors that see and change requests and responses', async () => {
    const made = await client();
    const seen: unknown[] = [];
    made.httpService.axiosRef.interceptors.request.use((config) => {
      config.headers.set('X-Trace', 'abc');
      seen.push(config.method, config.baseURL, config.url?.split('?')[0]);
      return config;
    });
    made.httpService.axiosRef.interceptors.response.use((response) => {
      seen.push(response.status, response.data);
      return { ...response, data: '{"changed":true}' };
    });
    expect(await made.api.request(TRIGGER)).toEqual({ changed: true });
    expect(seen).toEqual(['post', server.origin, '/apps/3/events', 200, '{}']);
    expect(server.seen[0]?.headers).toMatchObject({ 'x-trace': 'abc' });
  });

  it('uses the adapter of the application', async () => {
    const adapter = jest.fn(async (config: InternalAxiosRequestConfig) => ({
      status: 200,
      statusText: 'OK',
      headers: {},
      data: '{"mine":true}',
      config,
    }));
    expect(await (await client({ adapter })).api.request(TRIGGER)).toEqual({ mine: true });
    expect(adapter.mock.calls[0]?.[0].data).toEqual(Buffer.from('{"ü":1}'));
    expect(server.seen).toEqual([]);
  });

  it.each<[string, AxiosRequestConfig]>([
    ['the Node adapter of axios', { adapter: 'http' }],
    ['an agent, which only that adapter understands', { httpAgent: new Agent() }],
  ])('sends the same body with %s', async (_what, axios) => {
    const made = await client(axios);
    expect(await made.api.request(TRIGGER)).toEqual({});
    await made.api.request(QUERY);
    expect(server.seen).toMatchObject([
      { body: '{"ü":1}', headers: { 'content-type': 'application/json', 'content-length': '8' } },
      { body: '', headers: { accept: 'application/json', 'accept-encoding': 'identity' } },
    ]);
    expect(server.seen[1]?.headers).not.toHaveProperty('content-type');
  });

  it.each<[string, AxiosRequestConfig | undefined, number]>([
    [
      "goes through node:http with adapter: 'http', where nock and MSW intercept",
      { adapter: 'http' },
      1,
    ],
    ['does not go through node:http by default', undefined, 0],
  ])('%s', async (_what, axios, expected) => {
    const requests: unknown[] = [];
    const record = (message: unknown): void => void requests.push(message);
    subscribe('http.client.request.start', record);
    await (await client(axios)).api.request(TRIGGER);
    unsubscribe('http.client.request.start', record);
    expect(requests).toHaveLength(expected);
  });

  it('may add headers and parse responses', async () => {
    const made = await client({
      headers: { 'X-Mine': 'yes' },
      transformResponse: (text: string) => JSON.parse(text) as unknown,
    });
    expect(await made.api.request(QUERY)).toEqual({});
    expect(server.seen[0]?.headers).toMatchObject({ 'x-mine': 'yes' });
  });

  it('may shorten the timeout', async () => {
    await server.stop();
    server = await RawServer.start(() => undefined);
    expect(await failureOf(await client({ timeout: 40 }), TRIGGER)).toMatchObject({
      code: 'PUSHER_TIMEOUT',
      maybeAccepted: true,
      message: expect.stringContaining('40 ms'),
    });
  });

  it.each([[false], [null], [undefined]])(
    'does not send a header that an interceptor set to %p',
    async (nothing) => {
      const made = await client();
      made.httpService.axiosRef.interceptors.request.use((config) => {
        Object.assign(config.headers, { 'X-Nothing': nothing, 'X-Many': ['a', 'b'], 'X-Zero': 0 });
        return config;
      });
      await made.api.request(TRIGGER);
      expect(server.seen[0]?.headers).not.toHaveProperty('x-nothing');
      expect(server.seen[0]?.headers).toMatchObject({ 'x-many': 'a, b', 'x-zero': '0' });
    },
  );

  it('changes nothing for the caller by validating the status', async () => {
    await server.stop();
    server = await RawServer.start((_request, response) => response.writeHead(403).end('Quota\n'));
    const made = await client({ validateStatus: (status) => status < 300 });
    const failed = jest.fn((error: unknown) => Promise.reject(error as Error));
    made.httpService.axiosRef.interceptors.response.use(undefined, failed);
    expect(await failureOf(made, TRIGGER)).toMatchObject({ status: 403, body: 'Quota\n' });
    expect(failed).toHaveBeenCalledTimes(1);
  });

  it('may cancel a request with the signal of an interceptor', async () => {
    await server.stop();
    const stop = new AbortController();
    server = await RawServer.start(() => stop.abort());
    const made = await client();
    made.httpService.axiosRef.interceptors.request.use((config) => ({
      ...config,
      signal: stop.signal,
    }));
    expect(await failureOf(made, TRIGGER)).toMatchObject({
      code: 'PUSHER_CONNECTION_FAILED',
      maybeAccepted: true,
      message: expect.stringContaining('cancelled'),
    });
  });

  it('sends requests of the application over the same connections', async () => {
    const { httpService, api } = await client();
    await api.request(QUERY);
    const { data } = await firstValueFrom(
      httpService.get<string>('/hello', { params: { a: 'b c' } }),
    );
    expect(data).toBe('{}');
    expect(server.seen[1]?.url).toBe('/hello?a=b+c');
    expect(server.connections).toBe(1);
  });
});

describe('what an error interceptor receives', () => {
  /** The error of the last attempt of the request. */
  async function errorSeenBy(made: RawClient, request = TRIGGER): Promise<unknown> {
    let seen: unknown;
    made.httpService.axiosRef.interceptors.response.use(undefined, (error: unknown) => {
      seen = error;
      throw error;
    });
    await failureOf(made, request);
    return seen;
  }

  /** Puts a signal into each request. */
  function withSignal(made: RawClient, { signal }: AbortController): RawClient {
    made.httpService.axiosRef.interceptors.request.use((config) => ({ ...config, signal }));
    return made;
  }

  it('is an AxiosError with the code of a timeout', async () => {
    await server.stop();
    server = await RawServer.start(() => undefined);
    const error = await errorSeenBy(
      withSignal(await client({ timeout: 40 }), new AbortController()),
    );
    expect([isAxiosError(error), isCancel(error)]).toEqual([true, false]);
    expect(error).toMatchObject({ code: 'ETIMEDOUT', config: { timeout: 40 } });
  });

  it('is an AxiosError with the code of the connection', async () => {
    const made = withSignal(await client(), new AbortController());
    await server.stop();
    const error = await errorSeenBy(made);
    expect([isAxiosError(error), isCancel(error)]).toEqual([true, false]);
    expect(error).toMatchObject({ code: 'ECONNREFUSED', config: { method: 'post' } });
    server = await RawServer.start();
  });

  it('is an AxiosError for the network where there is no code', async () => {
    const made = await client();
    made.httpService.axiosRef.interceptors.request.use((config) => ({ ...config, data: {} }));
    const error = await errorSeenBy(made);
    expect([isAxiosError(error), isCancel(error)]).toEqual([true, false]);
    expect(error).toMatchObject({ code: 'ERR_NETWORK' });
  });

  it.each([
    [403, 'ERR_BAD_REQUEST'],
    [499, 'ERR_BAD_REQUEST'],
    [500, 'ERR_BAD_RESPONSE'],
  ])('is an AxiosError for a %d where that counts as one', async (status, code) => {
    await server.stop();
    server = await RawServer.start((_request, response) => response.writeHead(status).end('No'));
    const error = await errorSeenBy(await client({ validateStatus: (given) => given < 300 }));
    expect([isAxiosError(error), isCancel(error)]).toEqual([true, false]);
    expect(error).toMatchObject({ code, response: { status, data: 'No' } });
  });

  it('is a cancellation when the request was aborted', async () => {
    await server.stop();
    const stop = new AbortController();
    server = await RawServer.start(() => stop.abort());
    const error = await errorSeenBy(withSignal(await client(), stop));
    expect([isAxiosError(error), isCancel(error)]).toEqual([true, true]);
    expect(error).toMatchObject({ code: 'ERR_CANCELED', message: 'it was cancelled' });
  });
});

describe('an interceptor that fails', () => {
  it('before the request is sent keeps it from being sent', async () => {
    const made = await client();
    made.httpService.axiosRef.interceptors.request.use(boom);
    expect(await failureOf(made, QUERY)).toMatchObject({
      code: 'PUSHER_NOT_SENT',
      attempts: 0,
      maybeAccepted: false,
      cause: { message: 'boom' },
    });
    expect(server.seen).toEqual([]);
  });

  it('after the response leaves a trigger perhaps accepted, and not sent again', async () => {
    const made = await client();
    made.httpService.axiosRef.interceptors.response.use(boom);
    expect(await failureOf(made, TRIGGER)).toMatchObject({
      code: 'PUSHER_CONNECTION_FAILED',
      attempts: 1,
      maybeAccepted: true,
      cause: { message: 'boom' },
    });
    expect(server.seen).toHaveLength(1);
  });

  it.each<[string, (config: InternalAxiosRequestConfig) => InternalAxiosRequestConfig, RegExp]>([
    [
      'the server',
      (config) => ({ ...config, baseURL: 'http://127.0.0.1:1' }),
      /changed the server/,
    ],
    ['the body', (config) => ({ ...config, data: { a: 1 } }), /neither a string nor a Buffer/],
  ])(
    'by changing %s keeps it from being sent, and the error says why',
    async (_what, change, message) => {
      const made = await client();
      made.httpService.axiosRef.interceptors.request.use(change);
      expect(await failureOf(made, TRIGGER)).toMatchObject({
        code: 'PUSHER_NOT_SENT',
        message: expect.stringMatching(message),
      });
      expect(server.seen).toEqual([]);
    },
  );

  it('by returning something that is not a response says so', async () => {
    const made = await client();
    made.httpService.axiosRef.interceptors.response.use((response) => response.data as never);
    expect(await failureOf(made, TRIGGER)).toMatchObject({
      code: 'PUSHER_CONNECTION_FAILED',
      maybeAccepted: true,
      message: expect.stringContaining('not a response'),
    });
  });

  it.each<[string, (made: RawClient) => unknown]>([
    ['interceptor', ({ httpService: { axiosRef } }) => axiosRef.interceptors.request.use(never)],
    ['adapter', ({ httpService: { axiosRef } }) => (axiosRef.defaults.adapter = never)],
  ])('does not keep a caller waiting: an %s that never comes back', async (_what, add) => {
    const made = await client({ timeout: 50 });
    add(made);
    expect(await failureOf(made, TRIGGER)).toMatchObject({
      code: 'PUSHER_TIMEOUT',
      message: expect.stringContaining('50 ms'),
    });
  });

  it('leaves the request no more than the rest of its time', async () => {
    await server.stop();
    const clock = new ManualClock();
    server = await RawServer.start(() => void clock.advance(50));
    const made = await client({ timeout: 600 }, clock);
    made.httpService.axiosRef.interceptors.request.use(async (config) => {
      await clock.advance(550);
      return config;
    });
    expect(await failureOf(made, TRIGGER)).toMatchObject({
      code: 'PUSHER_TIMEOUT',
      message: expect.stringContaining('no complete response within 50 ms'),
    });
    expect(server.seen).toHaveLength(1);
  });

  it('does not hide what happened below it', async () => {
    const made = await client();
    await server.stop();
    made.httpService.axiosRef.interceptors.response.use(undefined, boom);
    expect(await failureOf(made, TRIGGER)).toMatchObject({
      code: 'PUSHER_CONNECTION_FAILED',
      attempts: 3,
      maybeAccepted: false,
      cause: { code: 'ECONNREFUSED' },
    });
    server = await RawServer.start();
  });
});
