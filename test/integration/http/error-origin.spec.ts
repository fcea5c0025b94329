import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  PusherConnectionError,
  type PusherError,
  type PusherModuleOptions,
  PusherRequestError,
  type PusherService,
  PusherValidationError,
} from '../../../lib/index.js';
import { EchoServer } from '../../support/http/echo-server.js';
import { startPusher } from '../../support/nest/app-with-pusher.js';

let server: EchoServer;

/** As Node has it. Jest shows more, so that an origin deep in the stack would not be missed. */
const STACK_LIMIT = 10;
const { stackTraceLimit } = Error;

beforeEach(async () => {
  Error.stackTraceLimit = STACK_LIMIT;
  server = await EchoServer.start();
  server.behave((_request, response) => void response.writeHead(400).end('no'));
});
afterEach(async () => {
  Error.stackTraceLimit = stackTraceLimit;
  await server.stop();
});

function start(options: Partial<PusherModuleOptions> = {}): Promise<PusherService> {
  return startPusher({
    appId: '3',
    key: 'key',
    secret: 'secret',
    host: '127.0.0.1',
    port: server.port,
    useTLS: false,
    retry: { maxAttempts: 2, baseDelayMs: 0, maxDelayMs: 0 },
    ...options,
  });
}

/** The application: three functions that wait for one another. */
async function placeOrder(call: () => Promise<unknown>): Promise<void> {
  await notifyCustomer(call);
}

async function notifyCustomer(call: () => Promise<unknown>): Promise<void> {
  await publishUpdate(call);
}

async function publishUpdate(call: () => Promise<unknown>): Promise<void> {
  await call();
}

const FUNCTIONS = ['publishUpdate', 'notifyCustomer', 'placeOrder'];

async function errorOf(call: () => Promise<unknown>): Promise<PusherError> {
  return placeOrder(call).then(
    () => {
      throw new Error('resolved');
    },
    (error: PusherError) => error,
  );
}

/** The functions of the application in the stack of the error, from the inside out. */
function callersIn({ stack = '' }: Error): string[] {
  return [...stack.matchAll(/^ +at (?:async )?(\w+) /gm)]
    .map(([, name = '']) => name)
    .filter((name) => FUNCTIONS.includes(name));
}

const MANY = Array.from({ length: 101 }, (_, at) => `room-${at}`);

const CALLS: [string, (pusher: PusherService) => Promise<unknown>, object, RegExp][] = [
  [
    'trigger',
    (pusher) => pusher.trigger('orders', 'order.paid', 1),
    { event: 'order.paid', channels: ['orders'] },
    /^Event "order\.paid" on "orders": POST /,
  ],
  [
    'trigger on five channels',
    (pusher) => pusher.trigger(['a', 'b', 'c', 'd', 'e'], 'order.paid', 1),
    { event: 'order.paid', channels: ['a', 'b', 'c', 'd', 'e'] },
    /^Event "order\.paid" on "a", "b", "c" and 2 more channels: /,
  ],
  [
    'trigger with splitChannels',
    (pusher) => pusher.trigger(MANY, 'order.paid', 1, { splitChannels: true }),
    { event: 'order.paid', channels: MANY.slice(0, 100) },
    /^Event "order\.paid" on "room-0", "room-1", "room-2" and 97 more channels: /,
  ],
  [
    'triggerBatch',
    (pusher) =>
      pusher.triggerBatch([
        { channel: 'a', event: 'one', data: 1 },
        { channel: 'b', event: 'two', data: 1 },
      ]),
    { channels: ['a', 'b'] },
    /^2 events on "a", "b": POST /,
  ],
  [
    'triggerBatch with one name',
    (pusher) =>
      pusher.triggerBatch([
        { channel: 'a', event: 'one', data: 1 },
        { channel: 'a', event: 'one', data: 2 },
      ]),
    { event: 'one', channels: ['a'] },
    /^2 events "one" on "a": POST /,
  ],
  [
    'sendToUser',
    (pusher) => pusher.sendToUser('7', 'order.paid', 1),
    { event: 'order.paid', channels: ['#server-to-user-7'] },
    /^Event "order\.paid" on "#server-to-user-7": POST /,
  ],
  [
    'sendToUser with many users',
    (pusher) => pusher.sendToUser(['7', '8'], 'order.paid', 1),
    { event: 'order.paid', channels: ['#server-to-user-7', '#server-to-user-8'] },
    /^2 events "order\.paid" on "#server-to-user-7", "#server-to-user-8": POST /,
  ],
  [
    'channel',
    (pusher) => pusher.channel('orders'),
    { channels: ['orders'] },
    /^GET \/apps\/3\/channels\/orders at /,
  ],
  [
    'channelUsers',
    (pusher) => pusher.channelUsers('presence-a'),
    { channels: ['presence-a'] },
    /^GET /,
  ],
  ['channels', (pusher) => pusher.channels(), {}, /^GET /],
  ['terminateUserConnections', (pusher) => pusher.terminateUserConnections('7'), {}, /^POST /],
  ['get', (pusher) => pusher.get('/anything'), {}, /^GET /],
  ['post', (pusher) => pusher.post('/anything', {}), {}, /^POST /],
  [
    'tryTrigger',
    async (pusher) => {
      const result = await pusher.tryTrigger('orders', 'order.paid', 1);
      if (!result.ok) throw result.error;
    },
    { event: 'order.paid', channels: ['orders'] },
    /^Event "order\.paid" on "orders": POST /,
  ],
];

describe.each<[string, Partial<PusherModuleOptions>]>([
  ['each event is sent alone', {}],
  ['events are sent in batches', { batching: true }],
  ['the channels keep their order', { batching: { order: 'channel' } }],
])('the error of a request, when %s,', (_how, options) => {
  it.each(CALLS)(
    'says of %s what it was about, and who waits for it',
    async (_call, call, fields, words) => {
      const pusher = await start(options);
      const error = await errorOf(() => call(pusher));
      expect(error).toBeInstanceOf(PusherRequestError);
      expect(error).toMatchObject({ ...fields, host: `127.0.0.1:${server.port}` });
      expect(error.message).toMatch(words);
      expect(error.message).toContain(` at 127.0.0.1:${server.port} returned 400: no.`);
      expect(error.stack?.split('\n', 1)).toEqual([`PusherRequestError: ${error.message}`]);
      expect(callersIn(error)).toEqual(FUNCTIONS);
    },
  );

  it('after retries says the same', async () => {
    const pusher = await start(options);
    server.behave((_request, response) => void response.writeHead(503).end());
    const error = await errorOf(() => pusher.trigger('orders', 'order.paid', 1));
    expect(error).toMatchObject({ attempts: 2, event: 'order.paid', channels: ['orders'] });
    expect(callersIn(error)).toEqual(FUNCTIONS);
  });

  it('without a server says the same', async () => {
    const pusher = await start(options);
    const { port } = server;
    await server.stop();
    const error = await errorOf(() => pusher.trigger('orders', 'order.paid', 1));
    expect(error).toBeInstanceOf(PusherConnectionError);
    expect(error).toMatchObject({ event: 'order.paid', host: `127.0.0.1:${port}` });
    expect(callersIn(error)).toEqual(FUNCTIONS);
    server = await EchoServer.start();
  });

  it('is that of each caller, when many fail together', async () => {
    const pusher = await start(options);
    server.behave((_request, response) => void response.writeHead(500).end());
    const names = Array.from({ length: 25 }, (_, at) => `event-${at}`);
    const errors = await Promise.all(
      names.map((name) => errorOf(() => pusher.trigger(`room-${name}`, name, 1))),
    );
    expect(errors.map(({ event }) => event)).toEqual(names);
    expect(errors.map(({ channels }) => channels)).toEqual(names.map((name) => [`room-${name}`]));
    for (const [at, { message }] of errors.entries())
      expect(message.match(/event-\d+/g)).toEqual([`event-${at}`, `event-${at}`]);
    expect(errors.map(callersIn)).toEqual(names.map(() => FUNCTIONS));
  });
});

describe('the error of an argument', () => {
  it.each([
    ['channel', (pusher: PusherService) => pusher.trigger('a b', 'order.paid', 1)],
    ['event name', (pusher: PusherService) => pusher.trigger('a', 'pusher:x', 1)],
    [
      'list',
      (pusher: PusherService) => pusher.triggerBatch([{ channel: '', event: 'e', data: 1 }]),
    ],
    ['user', (pusher: PusherService) => pusher.sendToUser('', 'e', 1)],
  ])('that is not a valid %s shows who called', async (_what, call) => {
    const pusher = await start();
    const error = await errorOf(() => call(pusher));
    expect(error).toBeInstanceOf(PusherValidationError);
    expect(callersIn(error)).toEqual(FUNCTIONS);
  });
});

describe('the error of data that cannot be sent', () => {
  it('names event and channels', async () => {
    const pusher = await start();
    const error = await errorOf(() => pusher.trigger('orders', 'order.paid', undefined));
    expect(error).toBeInstanceOf(PusherValidationError);
    expect(error).toMatchObject({ event: 'order.paid', channels: ['orders'] });
    expect(error).not.toHaveProperty('host');
    expect(callersIn(error)).toEqual(FUNCTIONS);
  });
});
