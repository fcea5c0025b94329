import { inspect, types } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ownError } from '../../../lib/publishing/own-error.js';
import { PusherConnectionError } from '../../../lib/errors/pusher-connection.error.js';
import { PusherRequestError } from '../../../lib/errors/pusher-request.error.js';
import { refusal } from '../../support/http/held-api.js';

const lost = new PusherConnectionError(
  'PUSHER_TIMEOUT',
  'No answer.',
  { method: 'POST', path: '/batch_events', attempts: 2 },
  true,
  new Error('socket hang up'),
);

describe('ownError', () => {
  it('shares an error that cannot be copied', () => {
    const odd = Object.assign(new Error(), { message: Symbol('odd') });
    expect(ownError(odd)).toBe(odd);
  });

  it.each([
    ['a refusal', refusal(503, { method: 'POST', path: '/batch_events' }), PusherRequestError],
    ['a lost connection', lost, PusherConnectionError],
    ['a plain error', new TypeError('text'), TypeError],
  ])('copies %s with all that it tells', (_what, error, kind) => {
    const copy = ownError(error);
    expect(copy).toBeInstanceOf(kind);
    expect(types.isNativeError(copy)).toBe(true);
    expect(copy).toEqual(error);
    expect(Object.entries(copy as object)).toEqual(Object.entries(error));
    expect(inspect(copy)).toBe(inspect(error));
    expect(JSON.stringify(copy)).toBe(JSON.stringify(error));
  });

  it('keeps the copies apart', () => {
    const copy = ownError(lost) as PusherConnectionError;
    copy.accepted = 3;
    expect(lost.accepted).toBeUndefined();
  });

  it('gives back what is not an error', () => expect(ownError('text')).toBe('text'));
});
