import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { PusherConnectionError } from '../../../lib/errors/pusher-connection.error.js';
import { PusherError } from '../../../lib/errors/pusher-error.js';
import { PusherOptionsError } from '../../../lib/errors/pusher-options.error.js';
import { PusherRequestError } from '../../../lib/errors/pusher-request.error.js';
import { PusherValidationError } from '../../../lib/errors/pusher-validation.error.js';
import { PusherWebhookError } from '../../../lib/errors/pusher-webhook.error.js';
import { redact } from '../../../lib/errors/redact.js';
import { safeCause } from '../../../lib/errors/safe-cause.js';

const SIGNATURE = 'da454824c97ba181a32ccc17a72625ba02771f50b50e1e7430e47a1f3f457e6c';
const request = { method: 'POST', path: '/apps/3/events', attempts: 1 };
const rejected = { ...request, status: 401, body: 'no\n', retryable: false, maybeAccepted: false };

const FAMILY: [string, PusherError, string][] = [
  ['PusherOptionsError', new PusherOptionsError(['`key` is missing.']), 'PUSHER_INVALID_OPTIONS'],
  ['PusherValidationError', new PusherValidationError('data', 'No.'), 'PUSHER_INVALID_ARGUMENT'],
  [
    'PusherRequestError',
    new PusherRequestError('PUSHER_REQUEST_REJECTED', rejected, 'Do this.'),
    'PUSHER_REQUEST_REJECTED',
  ],
  [
    'PusherConnectionError',
    new PusherConnectionError('PUSHER_TIMEOUT', 'Late.', request, true),
    'PUSHER_TIMEOUT',
  ],
  [
    'PusherWebhookError',
    new PusherWebhookError('PUSHER_WEBHOOK_UNVERIFIED', 'No.'),
    'PUSHER_WEBHOOK_UNVERIFIED',
  ],
];

describe.each(FAMILY)('%s', (name, error, code) => {
  it('belongs to the family, with its name and code', () => {
    expect(error).toBeInstanceOf(PusherError);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name, code });
  });

  it('is serialised with name, message and code', () => {
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ name, code, message: error.message });
  });
});

describe('PusherRequestError', () => {
  const messageFor = (body: string, attempts = 1): string =>
    new PusherRequestError(
      'PUSHER_REQUEST_REJECTED',
      { ...rejected, body, attempts },
      'Check the secret.',
    ).message;

  it.each([
    ['Bad key\n', 1, 'POST /apps/3/events returned 401: Bad key. Check the secret.'],
    ['Bad key.', 1, 'POST /apps/3/events returned 401: Bad key. Check the secret.'],
    ['', 1, 'POST /apps/3/events returned 401 with an empty body. Check the secret.'],
    ['x', 3, 'POST /apps/3/events returned 401 after 3 attempts: x. Check the secret.'],
  ])('says %j after %d attempts', (body, attempts, message) => {
    expect(messageFor(body, attempts)).toBe(message);
  });

  it('quotes only the beginning of a long body', () => {
    expect(messageFor('x'.repeat(1_000_000)).length).toBeLessThan(500);
  });

  it('removes signatures that the server repeats', () => {
    const body = `you should have sent HmacSHA256Hex("POST\\n…"), but you sent "${SIGNATURE}"`;
    const error = new PusherRequestError('PUSHER_REQUEST_REJECTED', { ...rejected, body }, '');
    expect(inspect(error) + JSON.stringify(error) + error.body).not.toContain(SIGNATURE);
  });
});

describe('causes', () => {
  it('keep name, message and code, and nothing that an HTTP client attaches to its errors', () => {
    const foreign = Object.assign(new TypeError('socket hang up'), {
      code: 'ECONNRESET',
      config: { url: `/x?auth_signature=${SIGNATURE}` },
      request: { secret: 'marker' },
    });
    const error = new PusherConnectionError(
      'PUSHER_CONNECTION_FAILED',
      'No.',
      request,
      false,
      foreign,
    );
    expect(error.cause).toMatchObject({ name: 'TypeError', message: 'socket hang up' });
    expect(error.cause).toMatchObject({ code: 'ECONNRESET' });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/marker|da4548/);
  });

  it.each([
    ['text with auth_signature=abc', 'text with auth_signature=[redacted]'],
    [null, 'something that is not an Error was thrown (null)'],
    [5, 'something that is not an Error was thrown (number)'],
    [undefined, 'something that is not an Error was thrown (undefined)'],
  ])('are errors even when %p was thrown', (thrown, message) => {
    expect(safeCause(thrown)).toMatchObject({ message });
  });

  it.each([
    ['no message', { message: undefined }, 'an error without a message was thrown'],
    ['a symbol for a message', { message: Symbol('x') }, 'an error without a message was thrown'],
    ['a number for a stack', { message: 'x', stack: 7, name: 7 }, 'x'],
  ])('can be read although the error has %s', (_what, fields, message) => {
    expect(safeCause(Object.assign(new Error(), fields))).toMatchObject({ name: 'Error', message });
  });

  it('are errors even when what was thrown cannot be read', () => {
    const fail = (): never => {
      throw new Error('not to be read');
    };
    const thrown = new Proxy(new Error(), { get: fail });
    const { cause } = new PusherValidationError('x', 'y', thrown);
    expect(cause).toMatchObject({ message: 'an error without a message was thrown' });
  });

  it('are kept as they are when they belong to the family', () => {
    const inner = new PusherValidationError('data', 'No.');
    expect(new PusherValidationError('x', 'y', inner).cause).toBe(inner);
  });
});

describe('redact', () => {
  it.each([
    [`?a=1&auth_signature=${SIGNATURE}&b=2`, '?a=1&auth_signature=[redacted]&b=2'],
    ['auth_key=key&auth_timestamp=1', 'auth_key=[redacted]&auth_timestamp=1'],
    [`sent "${SIGNATURE}"`, 'sent "[redacted]"'],
    [SIGNATURE.toUpperCase(), '[redacted]'],
    ['https://key:se:cret@host/apps', 'https://[redacted]@host/apps'],
    ['nothing here, a@b.example', 'nothing here, a@b.example'],
    [`${SIGNATURE}0`, '[redacted]'],
    ['to http://a@b/ and http://c:d@e/', 'to http://[redacted]@b/ and http://[redacted]@e/'],
  ])('%j becomes %j', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it.each(['a.', 'a://', '://', 'x@', 'secret=', '0123456789abcdef.'])(
    'takes linear time: %s',
    (part) => {
      // Quadratic time would be minutes.
      const text = part.repeat(500_000 / part.length);
      const begunAt = performance.now();
      redact(text);
      expect(performance.now() - begunAt).toBeLessThan(20_000);
    },
  );
});
