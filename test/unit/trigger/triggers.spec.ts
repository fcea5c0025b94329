import { describe, expect, it } from '@jest/globals';
import { DirectPublisher } from '../../../lib/publishing/direct-publisher.js';
import { PusherConnectionError } from '../../../lib/errors/pusher-connection.error.js';
import { PusherValidationError } from '../../../lib/errors/pusher-validation.error.js';
import type { PusherModuleOptions } from '../../../lib/options/pusher-module-options.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import { Triggers } from '../../../lib/trigger/triggers.js';
import type { BatchEvent } from '../../../lib/trigger/trigger-options.js';
import { KnownRandom } from '../../support/runtime/known-random.js';
import { backgroundOver } from '../../support/publishing/background.js';
import { RecordingApi } from '../../support/http/recording-api.js';

const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');

function setUp(options: Partial<PusherModuleOptions> = {}, responses: unknown[] = []) {
  const app = { appId: '3', key: 'key', secret: 'secret', encryptionMasterKeyBase64: MASTER_KEY };
  const api = new RecordingApi(responses);
  const resolved = resolveOptions({ ...app, ...options }, {});
  const publisher = new DirectPublisher({ api });
  const background = backgroundOver(publisher);
  const random = new KnownRandom();
  const triggers = new Triggers({ publisher, background, options: resolved, random });
  const bodies = () => api.requests.map(({ body }) => JSON.parse(body ?? '') as object);
  return { api, triggers, bodies };
}

async function validationErrorOf(promise: Promise<unknown>): Promise<PusherValidationError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PusherValidationError) return error;
  throw new Error(`expected a PusherValidationError, got ${String(error)}`);
}

describe('trigger', () => {
  it.each([
    ['a string as it is', 'text', 'text'],
    ['an empty string', '', ''],
    ['an object as JSON', { a: 1 }, '{"a":1}'],
    ['null', null, 'null'],
    ['a number', 0, '0'],
    ['false', false, 'false'],
    ['a list', [1, 'ü'], '[1,"ü"]'],
    ['a date as JSON', new Date(0), '"1970-01-01T00:00:00.000Z"'],
  ])('sends %s', async (_what, data, sent) => {
    const { triggers, bodies } = setUp();
    await triggers.trigger('news', 'created', data);
    expect(bodies()).toEqual([{ name: 'created', data: sent, channels: ['news'] }]);
  });

  it('sends socket id and info when they are given', async () => {
    const { triggers, bodies } = setUp();
    const info = ['userCount', 'subscriptionCount'] as const;
    await triggers.trigger(['presence-a', 'b'], 'e', 1, { socketId: '1.2', info });
    expect(bodies()).toEqual([
      {
        name: 'e',
        data: '1',
        channels: ['presence-a', 'b'],
        socket_id: '1.2',
        info: 'user_count,subscription_count',
      },
    ]);
  });

  it.each([
    [{}, {}],
    [{ ok: true }, {}],
    [{ channels: [] }, {}],
    [{ channels: { a: { user_count: 2 } } }, { a: { userCount: 2 } }],
    [{ channels: { a: {}, b: null } }, { a: {}, b: {} }],
  ])('reads the response %j as %j', async (response, channels) => {
    const { triggers } = setUp({}, [response]);
    const result = await triggers.trigger(['a'], 'e', 1, { info: ['userCount'] });
    expect(result).toEqual({ channels });
  });

  it('uses the serializer of the options', async () => {
    const { triggers, bodies } = setUp({ serialize: (data) => `<${String(data)}>` });
    await triggers.trigger('a', 'e', 10n);
    expect(bodies()).toMatchObject([{ data: '<10>' }]);
  });

  it('reports how many channels were accepted when a later request fails', async () => {
    const exchange = { method: 'POST', path: '/events', attempts: 1 };
    const lost = new PusherConnectionError('PUSHER_TIMEOUT', 'lost', exchange, true);
    const { triggers, api } = setUp({}, [{}, lost]);
    const many = Array.from({ length: 250 }, (_, at) => `c${at}`);
    const failed = triggers.trigger(many, 'e', 1, { splitChannels: true });
    await expect(failed).rejects.toMatchObject({ code: 'PUSHER_TIMEOUT', accepted: 100 });
    expect(api.requests).toHaveLength(2);
  });

  it('splits channels on request and merges the responses', async () => {
    const responses = ['a', 'b', 'c'].map((name) => ({ channels: { [name]: { user_count: 1 } } }));
    const { triggers, bodies } = setUp({}, responses);
    const many = Array.from({ length: 201 }, (_, at) => `c${at}`);
    const result = await triggers.trigger(many, 'e', 1, {
      splitChannels: true,
      info: ['userCount'],
    });
    expect(Object.keys(result.channels)).toEqual(['a', 'b', 'c']);
    const sent = bodies().map((body) => (body as { channels: string[] }).channels);
    expect(sent.map(({ length }) => length)).toEqual([100, 100, 1]);
    expect(sent.flat()).toEqual(many);
  });

  it('is not affected by later changes of the list of channels', async () => {
    const { triggers, bodies } = setUp();
    const channels = ['a', 'b'];
    const sent = triggers.trigger(channels, 'e', 1);
    channels.push('secret-channel');
    await sent;
    expect(bodies()).toMatchObject([{ channels: ['a', 'b'] }]);
  });
});

const circular: Record<string, unknown> = {};
circular['self'] = circular;
const invalid = (value: unknown) => value as string;
const names = (count: number) => Array.from({ length: count }, (_, at) => `c${at}`);

describe('trigger rejects, before anything is sent,', () => {
  it.each([
    ['no channel', [[], 'e', 1], 'channels', 'at least one'],
    ['an empty channel name', ['', 'e', 1], 'channels', 'a channel name, a non-empty string'],
    [
      'a channel that is not a string',
      [[5], 'e', 1],
      'channels',
      'a channel name, a non-empty string',
    ],
    ['null for channels', [null, 'e', 1], 'channels', 'at least one'],
    ['an over-long channel name', ['c'.repeat(201), 'e', 1], 'channels', '201 characters, 200'],
    ['a channel name with a colon', ['a:b', 'e', 1], 'channels', 'not a valid channel name: "a:b"'],
    ['a line break', [['a', 'b\n'], 'e', 1], 'channels[1]', 'not a valid channel name: "b\\n"'],
    ['the channel of a user', ['#server-to-user-1', 'e', 1], 'channels', 'Use sendToUser'],
    [
      '101 channels',
      [names(101), 'e', 1],
      'channels',
      'has 101 names, 100 are allowed in one request',
    ],
    ['an empty event name', ['a', '', 1], 'event', 'non-empty'],
    ['a missing event name', ['a', undefined, 1], 'event', 'non-empty'],
    ['an over-long event name', ['a', 'e'.repeat(201), 1], 'event', '201 characters, 200'],
    ['a reserved name', ['a', 'pusher:x', 1], 'event', 'starts with "pusher:"'],
    ['a reserved name', ['a', 'pusher_internal:x', 1], 'event', 'starts with "pusher_internal:"'],
    ['undefined data', ['a', 'e', undefined], 'data', 'is undefined'],
    ['a function', ['a', 'e', () => 1], 'data', 'is a function'],
    ['a symbol', ['a', 'e', Symbol('x')], 'data', 'is a symbol'],
    ['a circular object', ['a', 'e', circular], 'data', 'circular'],
    ['a BigInt', ['a', 'e', { n: 1n }], 'data', 'BigInt'],
    ['10 241 bytes', ['a', 'e', 'x'.repeat(10_241)], 'data', 'has 10241 bytes, 10240 are allowed'],
    ['10 240 characters that are more', ['a', 'e', 'ü'.repeat(10_240)], 'data', '20480 bytes'],
    [
      '7 620 bytes to be encrypted',
      ['private-encrypted-a', 'e', 'x'.repeat(7618)],
      'data',
      'after encryption',
    ],
    ['a wrong socket id', ['a', 'e', 1, { socketId: '1' }], 'socketId', '123.456'],
    ['a socket id with more', ['a', 'e', 1, { socketId: '1.1:x' }], 'socketId', '123.456'],
    ['unknown info', ['a', 'e', 1, { info: ['count'] }], 'info', 'userCount'],
    ['info that only queries have', ['a', 'e', 1, { info: ['cache'] }], 'info', 'userCount'],
    ['encrypted with others', [['a', 'private-encrypted-b'], 'e', 1], 'channels', 'triggerBatch'],
    [
      'encrypted with others that are split',
      [['a', 'private-encrypted-b'], 'e', 1, { splitChannels: true }],
      'channels',
      'a key of its own',
    ],
  ])('%s', async (_what, args, argument, message) => {
    const { triggers, api } = setUp();
    const error = await validationErrorOf(
      triggers.trigger(...(args as Parameters<Triggers['trigger']>)),
    );
    expect(error.argument).toBe(argument);
    expect(error.message).toContain(message);
    expect(error.code).toBe('PUSHER_INVALID_ARGUMENT');
    expect(api.requests).toEqual([]);
  });

  it('an encrypted channel without a master key', async () => {
    const { triggers, api } = setUp({ encryptionMasterKeyBase64: invalid(undefined) });
    const error = await validationErrorOf(triggers.trigger('private-encrypted-a', 'e', 1));
    expect(error.message).toContain('encryptionMasterKeyBase64');
    expect(api.requests).toEqual([]);
  });

  it.each([
    ['10 240 bytes', 'a', 'x'.repeat(10_240)],
    ['7 619 bytes to be encrypted', 'private-encrypted-a', 'x'.repeat(7617)],
  ])('but not %s', async (_what, channel, data) => {
    const { triggers, api } = setUp();
    await triggers.trigger(channel, 'e', data);
    expect(api.requests).toHaveLength(1);
  });
});

describe('values that the types do not allow', () => {
  it('are ignored when options are null', async () => {
    const { triggers, api } = setUp();
    await triggers.trigger('a', 'e', 1, null);
    expect(api.requests).toHaveLength(1);
  });

  it('are rejected by name when a user id is a symbol', async () => {
    const { triggers } = setUp();
    const error = await validationErrorOf(triggers.sendToUser(invalid(Symbol('u')), 'e', 1));
    expect(error.argument).toBe('userId');
  });

  it('keep attributes of channels that are named like properties of every object', async () => {
    const response = JSON.parse('{"channels":{"__proto__":{"user_count":1}}}') as unknown;
    const { triggers } = setUp({}, [response, {}]);
    const { channels } = await triggers.trigger(names(101), 'e', 1, {
      splitChannels: true,
      info: ['userCount'],
    });
    expect(Object.keys(channels)).toEqual(['__proto__']);
  });
});

describe('triggerBatch', () => {
  const event = (at: number): BatchEvent => ({ channel: `c${at}`, event: 'e', data: at });

  it('sends nothing for an empty list', async () => {
    const { triggers, api } = setUp();
    await expect(triggers.triggerBatch([])).resolves.toEqual({ events: [] });
    expect(api.requests).toEqual([]);
  });

  it('splits at the limit of the server and keeps the order of the results', async () => {
    const response = (from: number, count: number) => ({
      batch: Array.from({ length: count }, (_, at) => ({ subscription_count: from + at })),
    });
    const { triggers, bodies } = setUp({}, [response(0, 10), response(10, 10), response(20, 5)]);
    const events = Array.from({ length: 25 }, (_, at) => event(at));
    const result = await triggers.triggerBatch(events);
    expect(result.events.map(({ subscriptionCount }) => subscriptionCount)).toEqual(
      events.map((_, at) => at),
    );
    const sizes = bodies().map((body) => (body as { batch: unknown[] }).batch.length);
    expect(sizes).toEqual([10, 10, 5]);
  });

  it('splits at the bytes of a request', async () => {
    const { triggers, api } = setUp({ server: 'reverb' });
    const events = Array.from({ length: 9 }, (_, at) => ({ ...event(at), data: 'x'.repeat(2500) }));
    await triggers.triggerBatch(events);
    expect(api.requests).toHaveLength(3);
    for (const { body = '' } of api.requests)
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(9_000);
  });

  it('encrypts each event separately and does not change the objects of the caller', async () => {
    const { triggers, bodies } = setUp();
    const events = ['a', 'b'].map((name) =>
      Object.freeze({ channel: `private-encrypted-${name}`, event: 'e', data: Object.freeze({}) }),
    );
    await triggers.triggerBatch(events);
    const [{ batch }] = bodies() as [{ batch: { data: string }[] }];
    expect(batch.map(({ data }) => Object.keys(JSON.parse(data) as object))).toEqual([
      ['nonce', 'ciphertext'],
      ['nonce', 'ciphertext'],
    ]);
    expect(batch[0]?.data).not.toBe(batch[1]?.data);
  });

  it('reports how many events were accepted when a later request fails', async () => {
    const exchange = { method: 'POST', path: '/batch_events', attempts: 1 };
    const lost = new PusherConnectionError('PUSHER_TIMEOUT', 'lost', exchange, true);
    const { triggers } = setUp({}, [{}, {}, lost]);
    const events = Array.from({ length: 30 }, (_, at) => event(at));
    await expect(triggers.triggerBatch(events)).rejects.toMatchObject({ accepted: 20 });
  });

  it.each([
    [{ channel: 'a:b', event: 'e', data: 1 }, 'events[11].channel'],
    [{ channel: 'a', name: 'e', data: 1 }, 'events[11].name'],
    [{ channel: 'a', data: 1 }, 'events[11].event'],
    [{ channel: 'a', event: 'e' }, 'events[11].data'],
    [{ channel: 'a', event: 'e', data: 1, socketId: 'x' }, 'events[11].socketId'],
    [{ event: 'e', data: 1 }, 'events[11].channel'],
    [null, 'events[11]'],
    ['text', 'events[11]'],
  ])('rejects %j and sends nothing of the batch', async (wrong, argument) => {
    const { triggers, api } = setUp();
    const events = [...Array.from({ length: 11 }, (_, at) => event(at)), wrong as BatchEvent];
    expect((await validationErrorOf(triggers.triggerBatch(events))).argument).toBe(argument);
    expect(api.requests).toEqual([]);
  });

  it('rejects what is not a list', async () => {
    const { triggers } = setUp();
    const wrong = { length: 1 } as unknown as BatchEvent[];
    expect((await validationErrorOf(triggers.triggerBatch(wrong))).argument).toBe('events');
  });
});

describe('sendToUser', () => {
  it('publishes on the channel of the user', async () => {
    const { triggers, bodies } = setUp();
    await triggers.sendToUser('user-1', 'paid', { id: 7 });
    expect(bodies()).toEqual([
      { name: 'paid', data: '{"id":7}', channels: ['#server-to-user-user-1'] },
    ]);
  });

  it.each([
    [7, '7'],
    [-0, '0'],
    [90071992547409931n, '90071992547409931'],
  ])('sends to the user %p as %s', async (userId, id) => {
    const { triggers, bodies } = setUp();
    await triggers.sendToUser(userId, 'e', 1);
    expect(bodies()).toMatchObject([{ channels: [`#server-to-user-${id}`] }]);
  });

  it.each([
    ['', 'e', 1, 'userId'],
    ['a b', 'e', 1, 'userId'],
    ['a/b', 'e', 1, 'userId'],
    ['u'.repeat(129), 'e', 1, 'userId'],
    [invalid(NaN), 'e', 1, 'userId'],
    [invalid(1.5), 'e', 1, 'userId'],
    [invalid(undefined), 'e', 1, 'userId'],
    ['1', '', 1, 'event'],
    ['1', 'pusher:x', 1, 'event'],
    ['1', 'e', undefined, 'data'],
    ['1', 'e', 'x'.repeat(10_241), 'data'],
  ])('rejects %p, %p, %p', async (userId, event, data, argument) => {
    const { triggers, api } = setUp();
    expect((await validationErrorOf(triggers.sendToUser(userId, event, data))).argument).toBe(
      argument,
    );
    expect(api.requests).toEqual([]);
  });
});

describe('sendToUser with a list of users', () => {
  const users = (count: number) => Array.from({ length: count }, (_, at) => `u${at}`);
  const batches = (bodies: object[]) =>
    (bodies as { batch: { channel: string; name: string; data: string }[] }[]).map(
      ({ batch }) => batch,
    );

  it('publishes to each of them, in batches and in order', async () => {
    const { triggers, api, bodies } = setUp();
    await expect(triggers.sendToUser(users(25), 'paid', { id: 7 })).resolves.toEqual({
      channels: {},
    });
    expect(api.requests.map(({ path }) => path)).toEqual(Array(3).fill('/batch_events'));
    expect(batches(bodies()).map(({ length }) => length)).toEqual([10, 10, 5]);
    expect(batches(bodies()).flat()).toEqual(
      users(25).map((id) => ({ channel: `#server-to-user-${id}`, name: 'paid', data: '{"id":7}' })),
    );
  });

  it('makes batches that the server accepts in size', async () => {
    const { triggers, api, bodies } = setUp({ server: 'reverb' });
    await triggers.sendToUser(users(9), 'paid', 'x'.repeat(2500));
    for (const { body = '' } of api.requests)
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(9_000);
    expect(batches(bodies()).flat()).toHaveLength(9);
  });

  it('serializes the data once', async () => {
    let calls = 0;
    const { triggers } = setUp({ serialize: () => `call ${(calls += 1)}` });
    await triggers.sendToUser(users(25), 'paid', {});
    expect(calls).toBe(1);
  });

  it('reaches a user once who is in the list several times', async () => {
    const { triggers, bodies } = setUp();
    await triggers.sendToUser(['7', 7, 8n, '7'], 'e', 1);
    expect(
      batches(bodies())
        .flat()
        .map(({ channel }) => channel),
    ).toEqual(['#server-to-user-7', '#server-to-user-8']);
  });

  it('sends nothing to nobody, but checks the event', async () => {
    const { triggers, api } = setUp();
    await expect(triggers.sendToUser([], 'e', 1)).resolves.toEqual({ channels: {} });
    expect((await validationErrorOf(triggers.sendToUser([], '', 1))).argument).toBe('event');
    expect(api.requests).toEqual([]);
  });

  it('is not affected by later changes of the list and of the data', async () => {
    const { triggers, bodies } = setUp();
    const [ids, data] = [['1', '2'], { n: 1 }];
    const sent = triggers.sendToUser(ids, 'e', data);
    ids.push('3');
    data.n = 2;
    await sent;
    expect(batches(bodies()).flat()).toEqual([
      { channel: '#server-to-user-1', name: 'e', data: '{"n":1}' },
      { channel: '#server-to-user-2', name: 'e', data: '{"n":1}' },
    ]);
  });

  it('reports how many users were reached when a later request fails', async () => {
    const exchange = { method: 'POST', path: '/batch_events', attempts: 1 };
    const lost = new PusherConnectionError('PUSHER_TIMEOUT', 'lost', exchange, true);
    const { triggers, api } = setUp({}, [{}, {}, lost]);
    const failed = triggers.sendToUser(users(40), 'e', 1);
    await expect(failed).rejects.toMatchObject({ code: 'PUSHER_TIMEOUT', accepted: 20 });
    expect(api.requests).toHaveLength(3);
  });

  it.each([
    ['an id', [...users(11), 'a b'], 'e', 1, 'userId[11]'],
    ['an empty id', ['', 'u'], 'e', 1, 'userId[0]'],
    ['a missing id', ['1', invalid(undefined)], 'e', 1, 'userId[1]'],
    ['a hole', Object.assign(Array<string>(2), { 0: '1' }), 'e', 1, 'userId[1]'],
    ['a list in the list', [invalid(['1'])], 'e', 1, 'userId[0]'],
    ['a set', invalid(new Set(['1'])), 'e', 1, 'userId'],
    ['data', ['1', '2'], 'e', undefined, 'data'],
  ])(
    'rejects %s that is not valid, and sends nothing',
    async (_what, ids, event, data, argument) => {
      const { triggers, api } = setUp();
      expect((await validationErrorOf(triggers.sendToUser(ids, event, data))).argument).toBe(
        argument,
      );
      expect(api.requests).toEqual([]);
    },
  );
});
