import { describe, expect, it } from '@jest/globals';
import {
  channelAuthRequest,
  FakePusherService,
  ManualClock,
  PusherTestingModule,
  PusherTestServer,
  replacePusher,
  signWebhook,
  testChannelRules,
} from '../../../lib/testing/index.js';
import { call, messageOf } from '../../support/messages/message-of.js';

const pusher = new FakePusherService();
const app = { appId: '7', key: 'key', secret: 'secret' };

describe('a mistake in a test is an error that says', () => {
  it.each<[string, () => unknown, string]>([
    [
      'a webhook whose events are not a list',
      () => call(signWebhook, { events: { name: 'channel_occupied' } }, app),
      '`events` must be a list of events; an object was given.',
    ],
    [
      'a webhook without the name of its event',
      () => call(signWebhook, { events: [{ channel: 'news' }] }, app),
      '`events[0].name` must be a string; undefined was given.',
    ],
    [
      'a webhook with a list in place of an event',
      () => call(signWebhook, { events: [[]] }, app),
      "`events[0]` must be an object such as { name: 'channel_occupied', channel: 'news' }; an array was given.",
    ],
    [
      'a webhook whose event has a number as id',
      () => call(signWebhook, { events: [{ name: 'member_added', userId: 7 }] }, app),
      '`events[0].userId` must be a string; 7 was given.',
    ],
    [
      'a webhook with a date as time',
      () => call(signWebhook, { events: [], timeMs: new Date(0) }, app),
      '`timeMs` must be a number from 0 up; a Date was given.',
    ],
    [
      'a webhook that no JSON can hold',
      () => signWebhook({ events: [{ name: 'x', count: 1n }] }, app),
      '`webhook` cannot be converted to JSON (Do not know how to serialize a BigInt). Pass plain values, without cycles and bigints.',
    ],
    [
      'a webhook signed with nothing',
      () => call(signWebhook, { events: [] }),
      '`credentials` must have the `key` and the `secret` of an app; undefined was given. Pass server.options, which have both.',
    ],
    [
      'a webhook signed with an empty secret',
      () => signWebhook({ events: [] }, { key: 'key', secret: '' }),
      '`credentials.secret` must be the secret of an app, a non-empty string; an empty string was given.',
    ],
    [
      'a request for authorization without a channel',
      () => call(channelAuthRequest),
      '`channel` must be a string; undefined was given.',
    ],
    [
      'a request for authorization with a list of parameters',
      () => call(channelAuthRequest, 'private-a', { params: ['tenant'] }),
      '`params` must be an object with fields; an array was given.',
    ],
    [
      'a request for authorization with a number as id',
      () => call(channelAuthRequest, 'private-a', { socketId: 1.1 }),
      '`socketId` must be a string; 1.1 was given.',
    ],
    [
      'a test of the rules of nothing',
      () => call(testChannelRules),
      '`app` must be an initialized application or testing module; undefined was given.',
    ],
    [
      'a test of rules with a wrong socket id',
      () => testChannelRules({ get: () => undefined } as never, { socketId: '1' }),
      '`options.socketId` is not a valid socket id: "1". It is a string that looks like "123.456"; on the client it is pusher.connection.socket_id.',
    ],
    [
      'a replacement in nothing',
      () => call(replacePusher),
      '`builder` must be the builder that Test.createTestingModule() returns, before compile(); undefined was given.',
    ],
    [
      'a replacement by nothing',
      () => call(replacePusher, { overrideProvider: () => undefined }),
      '`by` must be a FakePusherService or a started PusherTestServer; undefined was given.',
    ],
    [
      'a replacement by a server that is not awaited',
      () => call(replacePusher, { overrideProvider: () => undefined }, Promise.resolve()),
      '`by` must be a FakePusherService or a started PusherTestServer; it is a promise: await it first.',
    ],
    [
      'an assertion about no event, which would always hold',
      () => call(pusher.assertNotTriggered.bind(pusher)),
      '`event` must be the name of an event, a non-empty string; undefined was given.',
    ],
    [
      'an assertion with an object as condition, which would always hold',
      () => call(pusher.assertNotTriggered.bind(pusher), 'e', { channel: 'news' }),
      '`match` must be a channel or a predicate; an object was given.',
    ],
    [
      'an assertion that counts nothing',
      () => call(pusher.assertTriggeredTimes.bind(pusher), 'e'),
      '`times` must be a whole number from 0 up; undefined was given.',
    ],
    [
      'a clock that starts at a date',
      () => new ManualClock(new Date(0) as never),
      '`startMs` must be a time in milliseconds since 1970; a Date was given.',
    ],
    [
      'a clock that goes back',
      () => new ManualClock(0).advance(-1),
      '`milliseconds` must be a number from 0 up; -1 was given.',
    ],
    [
      'a testing module whose options are a string',
      () => PusherTestingModule.forRoot({ options: 'soketi' as never }),
      'Invalid options for PusherTestingModule.forRoot():\n  - `options` must be an object with options; a string was given.',
    ],
  ])('what is wrong with %s', async (_mistake, act, message) => {
    expect(await messageOf(act)).toBe(message);
  });

  it.each<[string, (server: PusherTestServer) => unknown, string]>([
    [
      'an event to wait for',
      (server) => server.nextPublished(5 as never),
      '`match` must be a name or a predicate; a number was given.',
    ],
    [
      'a webhook to wait for',
      (server) => server.nextWebhook({ name: 'x' } as never),
      '`match` must be a name or a predicate; an object was given.',
    ],
    [
      'a channel to wait for',
      (server) => server.waitForSubscription(undefined as never),
      '`channel` must be the name of a channel, a non-empty string; undefined was given.',
    ],
    [
      'a number of subscriptions',
      (server) => server.waitForSubscription('a', { count: 0 }),
      '`count` must be a whole number from 1 up; 0 was given.',
    ],
    [
      'a time limit',
      (server) => server.nextPublished('e', { timeoutMs: '1s' as never }),
      '`timeoutMs` must be a number from 0 up; "1s" was given.',
    ],
  ])('what is wrong with %s on a test server', async (_mistake, act, message) => {
    await using server = await PusherTestServer.start();
    expect(await messageOf(() => act(server))).toBe(message);
  });
});
