import { describe, expect, it } from '@jest/globals';
import {
  AuthenticateUser,
  AuthorizeChannel,
  Broadcast,
  OnPusherWebhook,
  PusherAuthController,
  PusherOptionsError,
  PusherWebhook,
  PusherWebhookController,
  TriggerEvent,
} from '../../../lib/index.js';

/** As applications in JavaScript call them. */
type Call = (...args: unknown[]) => unknown;

const CALLS = {
  AuthorizeChannel: (options: unknown) => (AuthorizeChannel as Call)('private-a', options),
  AuthenticateUser: AuthenticateUser as Call,
  OnPusherWebhook: (options: unknown) => (OnPusherWebhook as Call)('member_added', options),
  PusherWebhook: PusherWebhook as Call,
  PusherAuthController: PusherAuthController as Call,
  PusherWebhookController: PusherWebhookController as Call,
};

describe.each(Object.entries(CALLS))('the options of %s', (_name, call) => {
  it.each([undefined, null, {}])('may be %p', (options) => {
    expect(call(options)).toBeInstanceOf(Function);
  });

  it.each(['eu', 5, [], true, () => 1])('must not be %p', (options) => {
    expect(() => call(options)).toThrow(PusherOptionsError);
    expect(() => call(options)).toThrow('`options` must be an object such as {');
  });

  it('must not have unknown names', () => {
    expect(() => call({ colour: 'red' })).toThrow('`colour` is not an option; the option');
  });
});

it.each<[string, (options: unknown) => unknown, object]>([
  [
    'PusherAuthController',
    CALLS.PusherAuthController,
    { path: null, version: null, app: null, user: null, timeoutMs: null, decorators: null },
  ],
  [
    'PusherWebhookController',
    CALLS.PusherWebhookController,
    { path: null, version: null, app: null, guard: null, acknowledge: null, decorators: null },
  ],
  ['PusherWebhook', CALLS.PusherWebhook, { apps: null, guard: null }],
  ['OnPusherWebhook', CALLS.OnPusherWebhook, { channel: null, app: null }],
  ['AuthorizeChannel', CALLS.AuthorizeChannel, { app: null }],
])('%s treats null as left out', (_name, call, options) => {
  expect(call(options)).toBeInstanceOf(Function);
});

it.each<[string, (options: unknown) => unknown, object, string]>([
  [
    'AuthorizeChannel',
    CALLS.AuthorizeChannel,
    { app: ['eu'] },
    '`app` must be the name of one app, a non-empty string; an array was given.',
  ],
  [
    'PusherWebhook',
    CALLS.PusherWebhook,
    { apps: 'europe' },
    '`apps` must be a list of names of apps; a string was given.',
  ],
  [
    'PusherWebhook',
    CALLS.PusherWebhook,
    { guard: {} },
    '`guard` must be a class that extends PusherWebhookGuard; an object was given.',
  ],
  [
    'OnPusherWebhook',
    CALLS.OnPusherWebhook,
    { channel: ['a'] },
    '`channel` must be a channel pattern, a non-empty string; an array was given.',
  ],
  [
    'PusherAuthController',
    CALLS.PusherAuthController,
    { timeoutMs: '5s' },
    '`timeoutMs` must be a whole number of milliseconds, from 1 to 2147483647; "5s" was given. Write 5000.',
  ],
  ['PusherAuthController', CALLS.PusherAuthController, { timeoutMs: NaN }, 'NaN was given'],
  [
    'PusherAuthController',
    CALLS.PusherAuthController,
    { user: 'session' },
    '`user` must be a function that returns the user of a request; a string was given.',
  ],
  [
    'PusherAuthController',
    CALLS.PusherAuthController,
    { decorators: () => 1 },
    '`decorators` must be a list of decorators, such as [UseGuards(MyGuard)]; a function was given.',
  ],
  [
    'PusherAuthController',
    CALLS.PusherAuthController,
    { path: 5 },
    '`path` must be a path, or a list of paths; 5 was given.',
  ],
  [
    'PusherWebhookController',
    CALLS.PusherWebhookController,
    { acknowledge: 'never' },
    "`acknowledge` must be 'after' or 'before'; a string was given.",
  ],
])('%s refuses a wrong value: %#', (_name, call, options, message) => {
  expect(() => call(options)).toThrow(message);
});

it.each<[string, (options: unknown) => unknown, object]>([
  ['PusherAuthController', CALLS.PusherAuthController, { timeoutMs: '5000' }],
  ['PusherAuthController', CALLS.PusherAuthController, { timeoutMs: '' }],
])('%s takes strings of the environment: %#', (_name, call, options) => {
  expect(call(options)).toBeInstanceOf(Function);
});

it.each<[string, (options: unknown) => unknown, object, string]>([
  [
    '@TriggerEvent()',
    TriggerEvent as Call,
    { event: 'pusher:paid', channels: 'orders' },
    '`event` starts with "pusher:", which is reserved for the protocol.',
  ],
  [
    '@TriggerEvent()',
    TriggerEvent as Call,
    { event: 'paid ', channels: 'orders' },
    '`event` is not valid: "paid ". Remove the white space around it',
  ],
  [
    '@TriggerEvent()',
    TriggerEvent as Call,
    { event: 'paid', channels: ['orders', 'our orders'] },
    '`channels[1]` is not a valid channel name: "our orders".',
  ],
  [
    '@TriggerEvent()',
    TriggerEvent as Call,
    { event: 'paid', channels: [] },
    'a function that returns one of these; an empty list was given.',
  ],
  [
    '@TriggerEvent()',
    TriggerEvent as Call,
    { event: 'paid', channels: 'orders', toOthers: 1 },
    '`toOthers` must be true or false; 1 was given.',
  ],
  [
    '@Broadcast()',
    Broadcast as Call,
    { as: 'paid', on: 'presence orders', with: () => 1 },
    '`on` is not a valid channel name: "presence orders".',
  ],
  [
    '@Broadcast()',
    Broadcast as Call,
    { as: 'pusher_internal:paid', on: 'orders', with: () => 1 },
    '`as` starts with "pusher_internal:", which is reserved for the protocol.',
  ],
  [
    '@AuthenticateUser()',
    CALLS.AuthenticateUser,
    { app: ' eu' },
    '`app` has white space around it. Remove it.',
  ],
])('%s refuses the names in it that no server accepts: %#', (what, call, options, message) => {
  expect(() => call(options)).toThrow(PusherOptionsError);
  expect(() => call(options)).toThrow(`Invalid options for ${what}`);
  expect(() => call(options)).toThrow(message);
});

it('a rule needs a pattern', () => {
  expect(() => (AuthorizeChannel as Call)(undefined)).toThrow(
    "`pattern` must be a channel pattern such as 'private-orders.{orderId}'; undefined was given.",
  );
});
