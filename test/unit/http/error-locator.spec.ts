import { describe, expect, it } from '@jest/globals';
import { PusherConnectionError } from '../../../lib/errors/pusher-connection.error.js';
import { PusherValidationError } from '../../../lib/errors/pusher-validation.error.js';
import { ErrorLocator } from '../../../lib/http/error-locator.js';

const REQUEST = { method: 'POST', path: '/events', attempts: 1 };
const locator = new ErrorLocator('api.example:443');

function failure(host?: string): PusherConnectionError {
  return new PusherConnectionError('PUSHER_TIMEOUT', 'Late.', { ...REQUEST, host }, true);
}

describe('ErrorLocator', () => {
  it('adds what the call was about', () => {
    const error = failure();
    expect(locator.locate(error, { event: 'paid', channels: ['a'] })).toBe(error);
    expect(error).toMatchObject({ event: 'paid', channels: ['a'], host: 'api.example:443' });
    expect(error.message).toBe('Event "paid" on "a": Late.');
    expect(error.stack).toMatch(/^PusherConnectionError: Event "paid" on "a": Late\.\n/);
  });

  it('keeps the host to which the request was sent', () => {
    expect(locator.locate(failure('proxied.example:80'))).toMatchObject({
      host: 'proxied.example:80',
    });
  });

  it('leaves the message of an error that is one of a mass, and has no stack', () => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    const error = failure();
    Error.stackTraceLimit = stackTraceLimit;
    locator.locate(error, { event: 'paid', channels: ['a'] });
    expect(error).toMatchObject({ message: 'Late.', event: 'paid', channels: ['a'] });
    expect(error.stack).toBe('PusherConnectionError: Late.');
  });

  it.each([
    ['an error of an argument', new PusherValidationError('x', 'No.')],
    ['an error of another library', new TypeError('no')],
    ['what is not an error', 7],
  ])('leaves %s as it is', (_what, error) => {
    const before = JSON.stringify(error);
    expect(locator.locate(error, { event: 'paid' })).toBe(error);
    expect(JSON.stringify(error)).toBe(before);
  });

  it('leaves all errors as they are without a host, where they come from a test', () => {
    const error = failure();
    new ErrorLocator(undefined).locate(error, { event: 'paid', channels: ['a'] });
    expect(error.message).toBe('Late.');
    expect(error).not.toHaveProperty('event');
  });
});
