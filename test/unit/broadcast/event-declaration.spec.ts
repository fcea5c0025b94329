import { describe, expect, it, jest } from '@jest/globals';
import {
  declaredEvent,
  type EventDeclaration,
  unknownApp,
} from '../../../lib/broadcast/event-declaration.js';
import { PusherValidationError } from '../../../lib/index.js';

const NAMES = { channels: 'on', data: 'with' };
const declaration: EventDeclaration = { event: 'paid', channels: 'orders', names: NAMES };
const order = { id: '7' };

describe('declaredEvent', () => {
  it('publishes the subject itself without `data`', () => {
    expect(declaredEvent(declaration, order, [])).toEqual(['orders', 'paid', order, {}]);
  });

  it('passes the subject and the arguments to every function', () => {
    const channels = jest.fn(() => ['a', 'b']);
    const data = jest.fn(() => 'sent');
    const when = jest.fn(() => true);
    const given = { ...declaration, channels, data, when, toOthers: true };
    expect(declaredEvent(given, order, [1, 'two'])).toEqual([
      ['a', 'b'],
      'paid',
      'sent',
      { toOthers: true },
    ]);
    for (const reader of [channels, data, when])
      expect(reader.mock.calls).toEqual([[order, 1, 'two']]);
  });

  it('reads nothing else when `when` returns false', () => {
    const channels = jest.fn(() => 'a');
    expect(declaredEvent({ ...declaration, channels, when: () => false }, order, [])).toBe(
      undefined,
    );
    expect(channels).not.toHaveBeenCalled();
  });

  it.each([undefined, null, 0, 1, '', 'yes', {}])('throws when `when` returns %j', (wanted) => {
    const read = (): unknown => declaredEvent({ ...declaration, when: () => wanted }, order, []);
    expect(read).toThrow(PusherValidationError);
    expect(read).toThrow('`when` must return true or false');
  });

  it.each<[string, Partial<EventDeclaration>]>([
    ['on', { channels: () => Promise.resolve('a') }],
    ['with', { data: () => Promise.reject(new Error('nobody awaits it')) }],
    ['when', { when: () => Promise.resolve(true) }],
  ])('throws when `%s` returns a promise, by the name that the decorator has', (name, part) => {
    const read = (): unknown => declaredEvent({ ...declaration, ...part }, order, []);
    expect(read).toThrow(`\`${name}\` must return`);
    expect(read).toThrow('a promise was returned');
  });

  it('throws what a function throws', () => {
    const data = (): never => {
      throw new RangeError('mine');
    };
    expect(() => declaredEvent({ ...declaration, data }, order, [])).toThrow(RangeError);
  });
});

describe('unknownApp', () => {
  it('says which name is not registered', () => {
    expect(unknownApp('eu')).toContain('no app is named "eu"');
    expect(unknownApp(undefined)).toContain('no app is registered without a name');
  });
});
