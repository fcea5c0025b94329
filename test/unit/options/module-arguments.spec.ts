import { describe, expect, it } from '@jest/globals';
import {
  PusherModule,
  type PusherModuleAsyncOptions,
  PusherOptionsError,
} from '../../../lib/index.js';

/** As applications in JavaScript call them. */
type Call = (options?: unknown) => unknown;

const forRoot = PusherModule.forRoot.bind(PusherModule) as Call;
const forRootAsync = PusherModule.forRootAsync.bind(PusherModule) as Call;
const useFactory = (): object => ({});

describe('PusherModule.forRoot', () => {
  it.each([undefined, null, {}])('takes %p', (options) => {
    expect(forRoot(options)).toHaveProperty('module', PusherModule);
  });

  it.each([
    ['http://key:secret@localhost/apps/1', 'a string was given'],
    [[], 'an array was given'],
    [Promise.resolve({}), 'it is a promise: await it first'],
    [useFactory, 'a function was given'],
  ])('refuses %p', (options, given) => {
    expect(() => forRoot(options)).toThrow(PusherOptionsError);
    expect(() => forRoot(options)).toThrow(
      `\`options\` must be an object such as { url: process.env.PUSHER_URL }; ${given}.`,
    );
  });
});

describe.each<[string, (extras: object) => unknown]>([
  ['PusherModule.forRoot()', forRoot],
  ['PusherModule.forRootAsync()', (extras) => forRootAsync({ useFactory, ...extras })],
])('the name and isGlobal of %s', (what, register) => {
  it.each([
    [{ isGlobal: 'false' }, false],
    [{ isGlobal: 'TRUE' }, true],
    [{ isGlobal: '', name: '' }, true],
    [{ isGlobal: null, name: null }, true],
  ])('may be %j', (extras, global) => {
    expect(register(extras)).toMatchObject({ global });
  });

  it.each([
    [{ isGlobal: 'yes' }, '`isGlobal` must be true or false; "yes" was given.'],
    [{ isGlobal: 0 }, '`isGlobal` must be true or false; 0 was given.'],
    [{ name: 5 }, '`name` must be the name of the app, a non-empty string; 5 was given.'],
    [{ name: 'eu ' }, '`name` has white space around it. Remove it.'],
    [
      { name: ['eu'] },
      '`name` must be the name of the app, a non-empty string; an array was given.',
    ],
  ])('must not be %j', (extras, message) => {
    expect(() => register(extras)).toThrow(PusherOptionsError);
    expect(() => register(extras)).toThrow(`Invalid options for ${what}:\n  - ${message}`);
  });
});

describe('PusherModule.forRootAsync', () => {
  it('has a type in which everything may be undefined', () => {
    const options: PusherModuleAsyncOptions = {
      useFactory: async () => ({ url: process.env['PUSHER_URL'] }),
      useClass: undefined,
      useExisting: undefined,
      inject: undefined,
      imports: undefined,
      provideInjectionTokensFrom: undefined,
      name: undefined,
      isGlobal: undefined,
      events: undefined,
    };
    expect(PusherModule.forRootAsync(options)).toHaveProperty('global', true);
    const injected = { inject: [String], useFactory: (url: string) => ({ url }) };
    expect(PusherModule.forRootAsync(injected)).toHaveProperty('global', true);
  });

  it.each([
    { useFactory },
    { useFactory, inject: [], imports: [], name: 'eu', isGlobal: false },
    { useClass: class {}, useFactory: null, inject: undefined },
    { useExisting: class {} },
  ])('takes %p', (options) => {
    expect(forRootAsync(options)).toHaveProperty('module', PusherModule);
  });

  it.each<[unknown, string]>([
    [{ useFactroy: useFactory }, '`useFactroy` is not an option; use `useFactory`'],
    [{ useFactory, naem: 'eu' }, '`naem` is not an option; use `name`'],
    [{ useFactory, global: true }, '`global` is not an option; use `isGlobal`'],
    [{ useFactory: {} }, '`useFactory` must be a function that returns the options'],
    [{ useFactory, inject: 'config' }, '`inject` must be a list of what the factory needs'],
    [{}, 'One of `useFactory`, `useClass` and `useExisting` must be given; 0 were'],
    [null, '0 were'],
    [{ useFactory, useClass: class {} }, '2 were'],
    [useFactory, '`options` must be an object such as { useFactory:'],
  ])('refuses %p', (options, message) => {
    expect(() => forRootAsync(options)).toThrow(PusherOptionsError);
    expect(() => forRootAsync(options)).toThrow('Invalid options for PusherModule.forRootAsync()');
    expect(() => forRootAsync(options)).toThrow(message);
  });
});
