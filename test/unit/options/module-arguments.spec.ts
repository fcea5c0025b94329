import { describe, expect, it } from '@jest/globals';
import { PusherModule, PusherOptionsError } from '../../../lib/index.js';

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

describe('PusherModule.forRootAsync', () => {
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
