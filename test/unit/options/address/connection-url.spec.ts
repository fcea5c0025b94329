import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ConnectionUrlFault,
  parseConnectionUrl,
} from '../../../../lib/options/address/connection-url.js';

const parts = { appId: '3', key: 'k', secret: 's', host: 'h', useTLS: true };

/** The error that the function throws, as a string; empty when it throws none. */
function messageOf(parse: () => unknown): string {
  try {
    parse();
    return '';
  } catch (error) {
    return String(error);
  }
}

describe('parseConnectionUrl', () => {
  it.each([
    ['https://k:s@h/apps/3', parts],
    ['  https://k:s@h/apps/3/ ', parts],
    ['HTTPS://k:s@h/apps/3', parts],
    ['http://k:s@h:8080/apps/3', { ...parts, useTLS: false, port: 8080 }],
    ['https://k:s@h/prefix/more/apps/3', { ...parts, pathPrefix: '/prefix/more' }],
    ['https://k:s@h/apps/apps/3', { ...parts, pathPrefix: '/apps' }],
    ['https://k:a:b:c@h/apps/3', { ...parts, secret: 'a:b:c' }],
    ['https://k:a@b@h/apps/3', { ...parts, secret: 'a@b' }],
    ['https://k:%2Fa%3A%25%40@h/apps/3', { ...parts, secret: '/a:%@' }],
    ['https://k%3A1:s@h/apps/3', { ...parts, key: 'k:1' }],
    ['https://k:s@h/apps/my-app.2', { ...parts, appId: 'my-app.2' }],
    ['https://k:s@h/apps/my%20app', { ...parts, appId: 'my app' }],
    [
      'https://k:s@h/prefix%40v2/apps/a%40b',
      { ...parts, pathPrefix: '/prefix%40v2', appId: 'a@b' },
    ],
    ['https://k:s@[::1]:6001/apps/3', { ...parts, host: '[::1]', port: 6001 }],
  ])('reads %s', (url, expected) => {
    expect(parseConnectionUrl(url)).toEqual(expected);
  });

  it.each([
    ['', 'is not of the form'],
    ['api.pusher.com', 'is not of the form'],
    ['ftp://k:s@h/apps/3', 'begins with "ftp://"'],
    ['https://h/apps/3', 'has no key and secret'],
    ['https://k@h/apps/3', 'has no secret'],
    ['https://k:@h/apps/3', 'has no secret'],
    ['https://:s@h/apps/3', 'has no key'],
    ['https://k:s@/apps/3', 'has no host'],
    ['https://k:s@h:x/apps/3', 'has a port that is not a number'],
    ['https://k:s@h', 'does not end with /apps/APP_ID'],
    ['https://k:s@h/apps/', 'does not end with /apps/APP_ID'],
    ['https://k:s@h/3', 'does not end with /apps/APP_ID'],
    ['https://k:50%@h/apps/3', 'has a "%" in its secret'],
    ['https://k:s@h/apps/3?cluster=eu', 'contains "?" or "#"'],
    ['https://k:s@h?x@other/apps/3', 'contains "?" or "#"'],
    ['https://k:s@h\\@other/apps/3', 'is not of the form'],
    ['https://k:s@real.example/prefix@v2/apps/3', 'has an "@" after its first "/"'],
    ['https://k:s@real.example/apps/a@b', 'has an "@" after its first "/"'],
    ['https://k:s/x@real.example/apps/3', 'write %40 for "@", and %2F for "/" inside the secret'],
    ['https://k:s@h/@/apps/3', 'it is not clear which part is the host'],
  ])('rejects %p because it %s', (url, reason) => {
    expect(() => parseConnectionUrl(url)).toThrow(ConnectionUrlFault);
    expect(() => parseConnectionUrl(url)).toThrow(reason);
  });

  it('returns whatever was percent-encoded in the URL', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 }).filter((one) => !/\p{Cs}/u.test(one));
    fc.assert(
      fc.property(text, text, text, (key, secret, appId) => {
        const [k, s, a] = [key, secret, appId].map(encodeURIComponent);
        expect(parseConnectionUrl(`https://${k}:${s}@h:1/apps/${a}`)).toEqual({
          key,
          secret,
          appId,
          host: 'h',
          port: 1,
          useTLS: true,
        });
      }),
      { numRuns: 10_000 },
    );
  });

  it('never shows a part of the URL in its messages', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
        const marked = url.replace('://', '://key-marker:secret-marker@');
        expect(messageOf(() => parseConnectionUrl(marked))).not.toContain('-marker');
      }),
      { numRuns: 10_000 },
    );
  });
});
