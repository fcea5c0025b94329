import { describe, expect, it } from '@jest/globals';
import {
  AuthenticateUser,
  AuthorizeChannel,
  getPusherToken,
  InjectPusher,
  InjectPusherHttp,
  OnPusherWebhook,
  PusherAuthController,
  PusherWebhook,
  PusherWebhookController,
} from '../../../lib/index.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import { FakePusherService } from '../../../lib/testing/index.js';
import { call, messageOf } from '../../support/messages/message-of.js';

const pusher = new FakePusherService();
const soketi = new FakePusherService({ server: 'soketi' });
const app = { appId: '7', key: 'key', secret: 'secret' };

/** Calls as an application in JavaScript can write them, or one whose types were asserted. */
type Untyped = Record<keyof FakePusherService, (...args: unknown[]) => unknown>;
const untyped = pusher as unknown as Untyped;
const onSoketi = soketi as unknown as Untyped;
const options = (written: object, environment: Record<string, string> = {}): unknown =>
  resolveOptions(written, environment);

const inOptions = (...problems: string[]): string =>
  ['Invalid options for PusherModule:', ...problems.map((text) => `  - ${text}`)].join('\n');
const inDecorator = (what: string, problem: string): string =>
  `Invalid options for ${what}:\n  - ${problem}`;

describe('the message for a typical mistake says what is wrong, where, and what to write:', () => {
  it.each<[string, () => unknown, string]>([
    [
      'the wire name of an option',
      () => untyped.trigger('news', 'e', {}, { socket_id: '1.1' }),
      "`socket_id` is not an option; use `socketId`. Example: { socketId: '123.456' }.",
    ],
    [
      'a socket id in place of the options',
      () => untyped.trigger('news', 'e', {}, '1.1'),
      "`options` must be an object; a string was given. To leave out a connection, write { socketId: '123.456' }.",
    ],
    [
      'a typing error in an option',
      async () => failure(await untyped.tryTrigger('news', 'e', {}, { sokcetId: '1.1' })),
      "`sokcetId` is not an option; use `socketId`. Example: { socketId: '123.456' }.",
    ],
    [
      'an option that does not exist',
      () => untyped.trigger('news', 'e', {}, { ttl: 5 }),
      "`ttl` is not an option; the options are `socketId`, `toOthers`, `info` and `splitChannels`. Example: { socketId: '123.456' }.",
    ],
    [
      'a wrong socket id',
      () => pusher.trigger('news', 'e', {}, { socketId: '1' }),
      '`socketId` is not a valid socket id: "1". It is a string that looks like "123.456"; on the client it is pusher.connection.socket_id.',
    ],
    [
      'a number as socket id',
      () => untyped.trigger('news', 'e', {}, { socketId: 1.5 }),
      '`socketId` is not a valid socket id; a number was given. It is a string that looks like "123.456"; on the client it is pusher.connection.socket_id.',
    ],
    [
      'an attribute by its wire name',
      () => untyped.trigger('news', 'e', {}, { info: ['user_count'] }),
      "`info` must be a list of 'userCount' and 'subscriptionCount', the attributes that servers return for events; it has \"user_count\" (use 'userCount').",
    ],
    [
      'a set of channels',
      () => untyped.trigger(new Set(['news']), 'e', {}),
      '`channels` must be the name of a channel, or a list of at least one name; a Set was given.',
    ],
    [
      'no channels',
      () => pusher.trigger([], 'e', {}),
      '`channels` must be the name of a channel, or a list of at least one name; an empty list was given.',
    ],
    [
      'a channel name with a space',
      () => pusher.trigger('big news', 'e', {}),
      '`channels` is not a valid channel name: "big news". Letters, digits and _ - = @ , . ; are allowed. Encode an id with other characters: Buffer.from(id).toString(\'base64url\').',
    ],
    [
      'white space around a channel name',
      () => pusher.trigger(['news', ' sport'], 'e', {}),
      '`channels[1]` is not a valid channel name: " sport". Remove the white space around it, for example with trim().',
    ],
    [
      'the channel of a user',
      () => pusher.trigger('#server-to-user-7', 'e', {}),
      '`channels` is not a valid channel name: "#server-to-user-7". Use sendToUser to reach one user.',
    ],
    [
      'no event name',
      () => untyped.trigger('news', undefined, {}),
      '`event` must be the name of the event, a non-empty string; undefined was given.',
    ],
    [
      'white space around an event name',
      () => pusher.trigger('news', 'added ', {}),
      '`event` is not valid: "added ". Remove the white space around it, for example with trim().',
    ],
    [
      'a reserved event name',
      () => pusher.trigger('news', 'pusher-notification', {}),
      '`event` starts with "pusher", which is reserved for the protocol. Choose another name, such as "app-notification".',
    ],
    [
      'an event name of the protocol',
      () => soketi.trigger('news', 'pusher:subscribe', {}),
      '`event` starts with "pusher:", which is reserved for the protocol. Choose another name, such as "app-subscribe".',
    ],
    [
      'no data',
      () => untyped.trigger('news', 'e'),
      '`data` cannot be converted to JSON (it is undefined). Pass plain values, null for an event without data, or set `serialize`.',
    ],
    [
      'data that was not awaited',
      () => pusher.emit('news', 'e', Promise.resolve({ id: 7 })),
      '`data` cannot be converted to JSON (it is a promise). Await it first.',
    ],
    [
      'data that JSON has no form for',
      () => pusher.triggerBatch([{ channel: 'a', event: 'e', data: new Map([['id', 7]]) }]),
      '`events[0].data` cannot be converted to JSON (it is a Map, which becomes {}). Pass plain values, null for an event without data, or set `serialize`.',
    ],
    [
      'an error as data',
      () => pusher.sendToUser('7', 'e', new Error('secret')),
      '`data` cannot be converted to JSON (it is an Error, which becomes {}). Pass plain values, null for an event without data, or set `serialize`.',
    ],
    [
      'options for a batch',
      () => untyped.triggerBatch([], { socketId: '1.1' }),
      'triggerBatch takes no `options`. Write `socketId` and `info` into each event.',
    ],
    [
      'options for an object that is broadcast',
      () => untyped.broadcast({}, { toOthers: true }),
      'broadcast takes no `options`. Write `toOthers` into @Broadcast(), or emit the event.',
    ],
    [
      'a batch with a gap',
      () => pusher.triggerBatch(Object.assign([], { length: 1 })),
      "`events[0]` must be an object such as { channel: 'news', event: 'message', data: { id: 7 } }; undefined was given.",
    ],
    [
      'work that has already begun',
      () => untyped.holdEvents(Promise.resolve()),
      '`work` must be a function; a promise was given. Pass what has to run: holdEvents(() => pay(order)).',
    ],
    [
      'ids in place of one',
      () => untyped.terminateUserConnections(['7', '8']),
      '`userId` must be the id of a user, a non-empty string or a whole number; an array was given. Pass one id at a time.',
    ],
    [
      'a batch that is not a list',
      () => untyped.triggerBatch({ channel: 'news' }),
      "`events` must be a list of events such as [{ channel: 'news', event: 'message', data: { id: 7 } }]; an object was given.",
    ],
    [
      'the wire names in a batch',
      () => untyped.triggerBatch([{ channel: 'news', name: 'e', data: 1 }]),
      "`events[0].name` is not a field; use `event`. Example: { channel: 'news', event: 'message', data: { id: 7 } }.",
    ],
    [
      'several channels in one entry of a batch',
      () => untyped.triggerBatch([{ channels: ['a', 'b'], event: 'e', data: 1 }]),
      "`events[0].channels` is not a field; use `channel` with one entry for each channel, or `trigger`. Example: { channel: 'news', event: 'message', data: { id: 7 } }.",
    ],
    [
      'options for an event to a user',
      () => untyped.sendToUser('7', 'e', {}, { socketId: '1.1' }),
      'sendToUser takes no `options`. To leave out one connection, trigger on a private channel of the user with { socketId }.',
    ],
    [
      'an id of an identity provider',
      () => pusher.sendToUser('auth0|507f', 'e', {}),
      '`userId` is not a valid user id: "auth0|507f". Letters, digits and _ - = @ , . ; are allowed. Encode other ids, everywhere in the same way: Buffer.from(id).toString(\'base64url\').',
    ],
    [
      'an id that is not a whole number',
      () => pusher.sendToUser(1.5, 'e', {}),
      '`userId` must be the id of a user, a non-empty string or a whole number; 1.5 was given. Pass a string: String(id).',
    ],
    [
      'NaN as an id',
      () => pusher.terminateUserConnections(Number('x')),
      '`userId` must be the id of a user, a non-empty string or a whole number; NaN was given.',
    ],
    [
      'an object as an id',
      () => onSoketi.sendToUser({ toString: () => '7' }, 'e', {}),
      '`userId` must be the id of a user, a non-empty string or a whole number; an object was given. Pass a string, such as String(id).',
    ],
    [
      'an id that no URL can contain',
      () => soketi.terminateUserConnections('a/b'),
      '`userId` cannot be part of a URL on soketi: "a/b". Letters, digits and _ - = @ , . ; are allowed. Encode other ids, everywhere in the same way: Buffer.from(id).toString(\'base64url\').',
    ],
    [
      'the wire name in a query',
      () => untyped.channels({ filter_by_prefix: 'presence-' }),
      "`filter_by_prefix` is not an option; use `prefix`. Example: { prefix: 'presence-', info: ['userCount'] }.",
    ],
    [
      'a prefix in place of a query',
      () => untyped.channels('presence-'),
      "`query` must be an object such as { prefix: 'presence-', info: ['userCount'] }; a string was given.",
    ],
    [
      'white space around a prefix',
      () => pusher.channels({ prefix: ' presence-' }),
      '`prefix` is not the start of a valid channel name: " presence-". Remove the white space around it, for example with trim().',
    ],
    [
      'a pattern in place of a prefix',
      () => pusher.channels({ prefix: 'private-rooms.*' }),
      '`prefix` is not the start of a valid channel name: "private-rooms.*". It is not a pattern: write "private-rooms.".',
    ],
    [
      'a prefix with characters that no channel has',
      () => pusher.channels({ prefix: 'private-rooms/7' }),
      '`prefix` is not the start of a valid channel name: "private-rooms/7". Letters, digits and _ - = @ , . ; are allowed.',
    ],
    [
      'the cached events of all channels',
      () => pusher.channels({ info: ['cache'] }),
      "`info` has 'cache', which servers return for one channel only. Use channel(name, { info: ['cache'] }).",
    ],
    [
      'the cached event of a channel without a cache',
      () => pusher.channel('rates', { info: ['cache'] }),
      '`info` has \'cache\', and "rates" is not a cache channel. Use a name such as "cache-rates" or "private-cache-rates".',
    ],
    [
      'white space around an attribute',
      () => untyped.channel('presence-a', { info: [' userCount'] }),
      "`info` must be a list of any of 'userCount', 'subscriptionCount' and 'cache'; it has \" userCount\" (use 'userCount').",
    ],
    [
      'a hole in a list of attributes',
      () => untyped.channel('presence-a', { info: Array(1) }),
      "`info` must be a list of any of 'userCount', 'subscriptionCount' and 'cache'; it has undefined.",
    ],
    [
      'white space around the name of a parameter',
      () => pusher.get('/channels', { ' info': 'user_count' }),
      '`query` has the parameter " info". Use a name without white space around it.',
    ],
    [
      'white space in a path that is signed',
      () => pusher.createSignedQueryString({ method: 'GET', path: '/apps/3/channels ' }),
      '`path` must be the whole path, such as "/apps/3/channels", without "?", "#" and white space; "/apps/3/channels " was given. Parameters go into `query`.',
    ],
    [
      'a token for an app without a name',
      () => getPusherToken(''),
      '`name` must be the name of an app, a non-empty string; an empty string was given.',
    ],
    [
      'the service of an app whose name is a number',
      () => call(InjectPusher, 5),
      '`name` must be the name of an app, a non-empty string; 5 was given.',
    ],
    [
      'white space around the name of an app',
      () => InjectPusherHttp('eu '),
      '`name` has white space around it. Remove it.',
    ],
    [
      'attributes that are not a list',
      () => untyped.channel('news', { info: 'subscriptionCount' }),
      "`info` must be a list of any of 'userCount', 'subscriptionCount' and 'cache'; a string was given.",
    ],
    [
      'a query that is a string',
      () => untyped.get('/channels', 'info=user_count'),
      "`query` must be an object such as { info: 'user_count' }; a string was given.",
    ],
    [
      'a body that is not what is sent',
      () => untyped.createSignedQueryString({ method: 'POST', path: '/x', body: { a: 1 } }),
      '`body` must be the exact string or bytes that are sent; an object was given. Convert it once, with JSON.stringify, and send that string.',
    ],
    [
      'a method in lower case',
      () => untyped.createSignedQueryString({ method: 'get', path: '/x' }),
      "`method` must be 'GET' or 'POST', in upper case; \"get\" was given.",
    ],
    [
      'a time in milliseconds',
      () => pusher.createSignedQueryString({ method: 'GET', path: '/x', timestamp: 1.7e12 }),
      '`timestamp` must be a Unix time in whole seconds, such as Math.floor(Date.now() / 1000); 1700000000000 was given.',
    ],
    [
      'parameters in a path that is signed',
      () => pusher.createSignedQueryString({ method: 'GET', path: '/x?a=1' }),
      '`path` must be the whole path, such as "/apps/3/channels", without "?", "#" and white space; "/x?a=1" was given. Parameters go into `query`.',
    ],
    [
      'a signed address in place of a path',
      () => pusher.get('https://a:b@api.test/channels?auth_key=0a1b2c&auth_signature=5d'),
      '`path` must be what follows /apps/<id>, such as "/channels"; "https://[redacted]@api.test/channels?auth_key=[redacted]&aut…" was given. It begins with "/" and is percent-encoded where needed; parameters go into `query`.',
    ],
    [
      'a path without its first slash',
      () => pusher.get('channels'),
      '`path` must be what follows /apps/<id>, such as "/channels"; "channels" was given. It begins with "/" and is percent-encoded where needed; parameters go into `query`.',
    ],
    [
      'a list in a query',
      () => untyped.get('/channels', { info: ['a', 'b'] }),
      '`query.info` must be a string; an array was given. Join the items with commas.',
    ],
    [
      'a date in a query',
      () => untyped.get('/channels', { since: new Date(0) }),
      '`query.since` must be a string; a Date was given.',
    ],
    [
      'the wire name in a member',
      () => untyped.authorizeChannel('1.1', 'presence-a', { user_id: '7' }),
      "`member.user_id` is not a field; use `userId`. Example: { userId: '7', userInfo: { name: 'Ada' } }.",
    ],
    [
      'an id in place of a member',
      () => untyped.authorizeChannel('1.1', 'presence-a', '7'),
      "`member` must be an object such as { userId: '7', userInfo: { name: 'Ada' } }; a string was given.",
    ],
    [
      'the wire name in a user',
      () => pusher.authenticateUser('1.1', { id: '7', user_info: { name: 'Ada' } }),
      "`user.user_info` is not a field of a user; use `userInfo`. Example: { id: '7', userInfo: { name: 'Ada' } }.",
    ],
    [
      'an id in place of a user',
      () => untyped.authenticateUser('1.1', '7'),
      "`user` must be an object such as { id: '7', userInfo: { name: 'Ada' } }; a string was given.",
    ],
    [
      'information about a member that was not awaited',
      () =>
        pusher.authorizeChannel('1.1', 'presence-a', {
          userId: '7',
          userInfo: Promise.resolve({ name: 'Ada' }),
        }),
      '`member.userInfo` cannot be converted to JSON (it is a promise). Await it first.',
    ],
    [
      'a method as information about a user',
      () => pusher.authenticateUser('1.1', { id: '7', userInfo: () => ({ name: 'Ada' }) }),
      '`user.userInfo` cannot be converted to JSON (it is a function). Pass plain values, without cycles and bigints.',
    ],
    [
      'a member in place of a user',
      () => untyped.authenticateUser('1.1', { userId: '7' }),
      "`user.userId` is not a field of a user; use `id`. Example: { id: '7', userInfo: { name: 'Ada' } }.",
    ],
    [
      'a user that was not awaited',
      () => untyped.authenticateUser('1.1', Promise.resolve({ id: '7' })),
      "`user` must be an object such as { id: '7', userInfo: { name: 'Ada' } }; it is a promise: await it first.",
    ],
    [
      'a parsed body in place of the raw one',
      () => untyped.receiveWebhook({ headers: {}, body: {} }),
      '`request.body` is not a field; use `rawBody`. Example: { headers: request.headers, rawBody: request.rawBody }.',
    ],
    [
      'a number with a unit',
      () => options({ ...app, timeoutMs: '5s' }),
      inOptions(
        '`timeoutMs` must be a whole number of milliseconds, from 1 to 3600000; "5s" was given. Write 5000.',
      ),
    ],
    [
      'a port of the environment that is not a number',
      () =>
        options(
          {},
          {
            PUSHER_APP_ID: '7',
            PUSHER_APP_KEY: 'k',
            PUSHER_APP_SECRET: 's',
            PUSHER_PORT: 'tcp',
          },
        ),
      inOptions(
        '`port` must be a TCP port, a whole number from 1 to 65535; a string was given. It comes from PUSHER_PORT.',
      ),
    ],
    [
      'white space around a secret',
      () => options({ ...app, secret: 'secret\n' }),
      inOptions('`secret` has white space around it. Remove it.'),
    ],
    [
      'an option by the name of another library, and one in the wrong place',
      () => options({ ...app, encrypted: true, maxAttempts: 5 }),
      inOptions(
        '`encrypted` is not an option; use `useTLS`.',
        '`maxAttempts` is not an option; use `retry.maxAttempts`.',
      ),
    ],
    [
      'an @ in the path of a connection URL',
      () => options({ url: 'https://k:s@real.example/prefix@v2/apps/1' }),
      inOptions(
        '`url` has an "@" after its first "/", so it is not clear which part is the host (write %40 for "@", and %2F for "/" inside the secret); expected https://KEY:SECRET@host[:port][/prefix]/apps/APP_ID.',
      ),
    ],
    [
      'a factory that returns a URL',
      () => call(resolveOptions, 'https://k:s@h/apps/1', {}),
      inOptions(
        'The factory returned a string; it must return an object with options, such as { url: process.env.PUSHER_URL }.',
      ),
    ],
    [
      'the name of an app in place of options',
      () => call(AuthorizeChannel, 'private-a', 'eu'),
      inDecorator(
        "@AuthorizeChannel('private-a')",
        "`options` must be an object such as { app: 'eu' }; a string was given.",
      ),
    ],
    [
      'a pattern in place of options',
      () => call(OnPusherWebhook, 'member_added', 'presence-a'),
      inDecorator(
        "@OnPusherWebhook('member_added')",
        "`options` must be an object such as { channel: 'presence-rooms.{roomId}' }; a string was given.",
      ),
    ],
    [
      'several apps of a rule',
      () => call(AuthenticateUser, { apps: ['eu'] }),
      inDecorator(
        '@AuthenticateUser()',
        "`apps` is not an option; use `app`. Example: { app: 'eu' }.",
      ),
    ],
    [
      'one app of a webhook',
      () => call(PusherWebhook, { app: 'eu' }),
      inDecorator(
        '@PusherWebhook()',
        "`app` is not an option; use `apps`. Example: { apps: ['eu'] }.",
      ),
    ],
    [
      'a path in place of options',
      () => call(PusherWebhookController, 'hooks'),
      inDecorator(
        'PusherWebhookController()',
        "`options` must be an object such as { path: 'pusher/webhooks' }; a string was given.",
      ),
    ],
    [
      'a time limit without its unit',
      () => call(PusherAuthController, { timeout: 5 }),
      inDecorator(
        'PusherAuthController()',
        "`timeout` is not an option; use `timeoutMs`. Example: { path: 'pusher' }.",
      ),
    ],
  ])('%s', async (_mistake, act, message) => {
    expect(await messageOf(act)).toBe(message);
  });
});

it('the calls of this table have triggered nothing', () => {
  pusher.assertNothingTriggered();
  soketi.assertNothingTriggered();
});

function failure(result: unknown): never {
  throw (result as { error: Error }).error;
}
