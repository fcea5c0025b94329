import { describe, expect, it } from '@jest/globals';
import type { HttpResponse } from '../../../../lib/http/transport/http-transport.js';
import { judgeResponse } from '../../../../lib/http/response/judge-response.js';

function answer(status: number, body: string, more: Partial<HttpResponse> = {}): HttpResponse {
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
    ['JSON that is no object', 200, '[]', []],
    ['null', 200, 'null', null],
    ['an error without a numeric code', 200, '{"error":"x","code":"y"}', { error: 'x', code: 'y' }],
    ['a code without an error', 200, '{"code":401}', { code: 401 }],
  ])('accepts %s', (_who, status, body, value) => {
    expect(judgeResponse(answer(status, body))).toEqual({ accepted: true, value });
  });

  it.each<[string, HttpResponse, number]>([
    ['401 of the cloud', answer(401, 'Unknown auth_key\n'), 401],
    ['soketi: 401 in a 200', answer(200, '{"error":"No","code":401}'), 401],
    ['soketi: 413 in a 200', answer(200, '{"error":"Too big","code":413}'), 413],
    ['soketi: 429 in a 200', answer(200, '{"error":"Too many requests.","code":429}'), 429],
    ['500 as HTML', answer(500, '<html>'), 500],
    ['a long 500', answer(500, 'x'.repeat(1_000_000), { truncated: true }), 500],
    ['422 of Reverb', answer(422, '{"data":["required"]}'), 422],
    ['a status that does not exist', answer(999, ''), 999],
  ])('refused: %s', (_what, given, status) => {
    expect(judgeResponse(given)).toMatchObject({
      accepted: false,
      code: 'PUSHER_REQUEST_REJECTED',
      status,
      text: given.body,
    });
  });

  it.each<[string, HttpResponse, RegExp]>([
    ['HTML', answer(200, '<html></html>'), /host, port and pathPrefix/],
    ['half of a JSON text', answer(200, '{"a":'), /not JSON/],
    [
      'a compressed answer',
      answer(200, '\u001f', { headers: { 'content-encoding': 'gzip' } }),
      /compressed/,
    ],
    ['an answer over the cap', answer(200, '{', { truncated: true }), /maxResponseBytes/],
    ['a redirect without a place', answer(302, ''), /^Redirects are not followed/],
    [
      'a redirect',
      answer(301, '', { headers: { location: 'https://b.example/x?auth_signature=1#y' } }),
      /^Redirects to https:\/\/b\.example\/x are not followed/,
    ],
    ['304', answer(304, ''), /Redirects/],
  ])('no answer at all: %s', (_what, given, remedy) => {
    const judgement = judgeResponse(given);
    expect(judgement).toMatchObject({ accepted: false, code: 'PUSHER_BAD_RESPONSE' });
    expect(judgement).toMatchObject({ remedy: expect.stringMatching(remedy) });
    expect(JSON.stringify(judgement)).not.toContain('auth_signature');
  });

  it.each([
    [401, 'Invalid signature: …', /key and secret belong together/],
    [401, 'Timestamp expired: Given …', /Set the clock/],
    [403, 'API call failed since quota exceeded', /quota/],
    [404, '404 NOT FOUND', /app id/],
    [407, '', /http\.proxy/],
    [413, '', /limits\.maxDataBytes/],
    [429, '', /batching/],
    [500, '', /Try again later/],
    [503, '', /Try again later/],
    [418, '', /documentation/],
  ])('%d %j says what to do', (status, text, remedy) => {
    expect(judgeResponse(answer(status, text))).toMatchObject({
      remedy: expect.stringMatching(remedy),
    });
  });
});
