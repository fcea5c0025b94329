import { describe, expect, it } from '@jest/globals';
import { judgeResponse, readRetryAfter } from '../../../../lib/http/response/judge-response.js';
import type { HttpResponse } from '../../../../lib/http/transport/http-transport.js';

const NOW = Date.parse('Tue, 24 Nov 2026 06:00:00 GMT');

function response(status: number, body: string, more: Partial<HttpResponse> = {}): HttpResponse {
  return { status, body, headers: {}, ...more };
}

describe('judgeResponse', () => {
  it.each<[string, number, string, unknown]>([
    ['the cloud', 200, '{}', {}],
    ['soketi', 200, '{"ok":true}', { ok: true }],
    ['an empty list where PHP means an empty map', 200, '{"channels":[]}', { channels: [] }],
    ['an empty body', 200, '', {}],
    ['white space', 200, ' \r\n', {}],
    ['204', 204, '', {}],
    ['the 202 of the old API', 202, '202 ACCEPTED\n', {}],
    ['202 with JSON', 202, '{"a":1}', { a: 1 }],
    ['201', 201, '{"a":1}', { a: 1 }],
    ['JSON that is not an object', 200, '[]', []],
    ['null', 200, 'null', null],
    ['an error without a numeric code', 200, '{"error":"x","code":"y"}', { error: 'x', code: 'y' }],
    ['a code without an error', 200, '{"code":401}', { code: 401 }],
  ])('accepts %s', (_who, status, body, value) => {
    expect(judgeResponse(response(status, body), NOW)).toEqual({ kind: 'accepted', value });
  });

  it.each<[string, HttpResponse, number]>([
    ['401 of the cloud', response(401, 'Unknown auth_key\n'), 401],
    ['401 of soketi in a 200', response(200, '{"error":"No","code":401}'), 401],
    ['413 of soketi in a 200', response(200, '{"error":"Too big","code":413}'), 413],
    ['429 of soketi in a 200', response(200, '{"error":"Too many requests.","code":429}'), 429],
    ['500 as HTML', response(500, '<html>'), 500],
    ['a long 500', response(500, 'x'.repeat(1_000_000), { truncated: true }), 500],
    ['422 of Reverb', response(422, '{"data":["required"]}'), 422],
    ['a status that does not exist', response(999, ''), 999],
  ])('takes %s as a rejection', (_what, given, status) => {
    expect(judgeResponse(given, NOW)).toMatchObject({
      kind: 'rejected',
      code: 'PUSHER_REQUEST_REJECTED',
      status,
      text: given.body,
    });
  });

  it.each<[string, HttpResponse, RegExp]>([
    ['HTML', response(200, '<html></html>'), /host, port and pathPrefix/],
    ['half of a JSON body', response(200, '{"a":'), /not JSON/],
    [
      'a compressed response',
      response(200, '\u001f', { headers: { 'content-encoding': 'gzip' } }),
      /compressed/,
    ],
    ['a response over the cap', response(200, '{', { truncated: true }), /maxResponseBytes/],
    ['a redirect without a location', response(302, ''), /^Redirects are not followed/],
    [
      'a redirect',
      response(301, '', { headers: { location: 'https://b.example/x?auth_signature=1#y' } }),
      /^Redirects to https:\/\/b\.example\/x are not followed/,
    ],
    ['304', response(304, ''), /Redirects/],
  ])('takes %s as a bad response', (_what, given, remedy) => {
    const judgement = judgeResponse(given, NOW);
    expect(judgement).toMatchObject({ kind: 'rejected', code: 'PUSHER_BAD_RESPONSE' });
    expect(judgement).toMatchObject({ remedy: expect.stringMatching(remedy) });
    expect(JSON.stringify(judgement)).not.toContain('auth_signature');
  });

  it.each([
    [400, 'x', /see its message/],
    [401, 'Invalid signature: …', /key and the secret belong together/],
    [401, 'Timestamp expired: Given …', /Set the clock/],
    [403, 'API call failed since quota exceeded', /quota/],
    [404, '404 NOT FOUND', /app id/],
    [407, '', /http\.proxy/],
    [413, '', /limits\.maxDataBytes/],
    [422, 'x', /see its message/],
    [429, '', /batching/],
    [500, '', /Try again later/],
    [503, '', /Try again later/],
    [418, '', /documentation/],
  ])('says of %d %j what to do', (status, body, remedy) => {
    expect(judgeResponse(response(status, body), NOW)).toMatchObject({
      remedy: expect.stringMatching(remedy),
    });
  });

  it.each<[HttpResponse, boolean]>([
    [response(429, ''), false],
    [response(503, ''), false],
    [response(400, ''), false],
    [response(600, ''), false],
    [response(500, ''), true],
    [response(504, ''), true],
    [response(200, '{"error":"x","code":500}'), true],
    [response(200, '<html>'), true],
    [response(301, ''), true],
  ])('says of %j whether it may have been accepted: %s', (given, maybeAccepted) => {
    expect(judgeResponse(given, NOW)).toMatchObject({ kind: 'rejected', maybeAccepted });
  });

  it.each<[string, Record<string, string>, number | undefined]>([
    ['in seconds', { 'retry-after': '2' }, 2000],
    ['by the given time', { 'retry-after': 'Tue, 24 Nov 2026 06:00:30 GMT' }, 30_000],
    [
      'by the Date of the response rather than the given time',
      {
        'retry-after': 'Tue, 24 Nov 2026 09:00:30 GMT',
        date: 'Tue, 24 Nov 2026 09:00:00 GMT',
      },
      30_000,
    ],
    ['not without the header', {}, undefined],
  ])('reads how long to wait: %s', (_how, headers, retryAfterMs) => {
    expect(judgeResponse(response(503, '', { headers }), NOW)).toMatchObject({ retryAfterMs });
  });
});

describe('readRetryAfter', () => {
  it.each([
    ['2', 2000],
    [' 2 ', 2000],
    ['0', 0],
    ['0.25', 250],
    ['1.0005', 1001],
    ['Tue, 24 Nov 2026 06:00:30 GMT', 30_000],
    ['Tue, 24 Nov 2026 05:59:00 GMT', 0],
  ])('%j is %d ms', (header, milliseconds) => {
    expect(readRetryAfter(header, NOW)).toBe(milliseconds);
  });

  it.each([
    undefined,
    '',
    '-1',
    'soon',
    '1e9',
    '1 2',
    '99999999999999',
    'Infinity',
    '2026-11-24T06:00:30Z',
    'Tue, 99 Xyz 2026 06:00:30 GMT',
  ])('%j is ignored', (header) => {
    expect(readRetryAfter(header, NOW)).toBeUndefined();
  });
});
