import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { PusherValidationError } from '../../../lib/errors/pusher-validation.error.js';
import { checkPath } from '../../../lib/http/signing/sign-request.js';
import { LIMITS, type PusherServer, type ServerRules } from '../../../lib/protocol/limits.js';
import { memberId, receiverId, signInId, userPathSegment } from '../../../lib/protocol/user-ids.js';

const SERVERS = Object.keys(LIMITS) as PusherServer[];
const rulesOf = (server: PusherServer): ServerRules => ({ server, limits: LIMITS[server] });

type Read = (id: unknown, argument: string, rules: ServerRules) => string;

/** The id as a string, or nothing when it is refused. */
function read(by: Read, id: unknown, server: PusherServer): string | undefined {
  try {
    return by(id, 'id', rulesOf(server));
  } catch (error) {
    if (error instanceof PusherValidationError && error.argument === 'id') return undefined;
    throw error;
  }
}

const everywhere: readonly Read[] = [memberId, signInId, receiverId, userPathSegment];

describe.each(SERVERS)('on %s', (server) => {
  it.each([
    ['ada@example.com', 'ada@example.com'],
    [7, '7'],
    [0, '0'],
    [-0, '0'],
    [-7, '-7'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [2n ** 64n, '18446744073709551616'],
  ])('the id %p is %j everywhere', (id, text) => {
    expect(everywhere.map((by) => read(by, id, server))).toEqual([text, text, text, text]);
  });

  it.each([
    [''],
    [undefined],
    [null],
    [true],
    [NaN],
    [Infinity],
    [1.5],
    [2 ** 53],
    [['7']],
    [{ id: '7' }],
    [' 7'],
    ['7\n'],
    ['\u00a07'],
  ])('the id %p is refused everywhere', (id) => {
    expect(everywhere.map((by) => read(by, id, server))).toEqual(Array(4).fill(undefined));
  });

  it.each(['.', '..'])('the id %j cannot be part of a path', (id) => {
    expect(read(userPathSegment, id, server)).toBeUndefined();
  });

  it('the id of a presence member is free', () => {
    expect(read(memberId, 'auth0|507f ä/::user::', server)).toBe('auth0|507f ä/::user::');
  });

  it('only ids that a channel name may contain can be sent to', () => {
    for (const id of ['auth0|507f', 'a b', 'a:b', 'a/b', '#a', 'ä'])
      expect(read(receiverId, id, server)).toBeUndefined();
  });
});

describe('an id outside the grammar of Pusher', () => {
  it.each<[PusherServer, string | undefined, string | undefined]>([
    ['pusher', undefined, undefined],
    ['soketi', 'auth0|507f', 'auth0|507f'],
    ['sockudo', 'auth0|507f', 'auth0%7C507f'],
    ['reverb', 'auth0|507f', 'auth0%7C507f'],
  ])('on %s signs in as %j, and is %j in a path', (server, signedIn, segment) => {
    expect(read(signInId, 'auth0|507f', server)).toBe(signedIn);
    expect(read(userPathSegment, 'auth0|507f', server)).toBe(segment);
  });

  it.each<[PusherServer, number, number]>([
    ['pusher', 128, 128],
    ['soketi', 1024, 184],
    ['sockudo', 1024, 184],
    ['reverb', 9000, 8984],
  ])('on %s has at most %i characters, and %i to be sent to', (server, most, mostToSend) => {
    expect(read(memberId, 'x'.repeat(most), server)).toHaveLength(most);
    expect(read(memberId, 'x'.repeat(most + 1), server)).toBeUndefined();
    expect(read(receiverId, 'x'.repeat(mostToSend), server)).toHaveLength(mostToSend);
    expect(read(receiverId, 'x'.repeat(mostToSend + 1), server)).toBeUndefined();
  });
});

/** Everything that means something in a URL, and what hides it. */
const PIECES = [
  'a',
  '7',
  '/',
  '..',
  '.',
  '?',
  '#',
  '%',
  '%2f',
  '%2e',
  '\\',
  ':',
  '|',
  '@',
  ';',
  ' ',
  '\n',
  'ä',
  '\ud800',
  '"',
];
const hostile = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 5 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary' }),
);

describe.each(SERVERS)('a path of %s', (server) => {
  it('is that of the same user, whatever the id', () => {
    let sent = 0;
    fc.assert(
      fc.property(hostile, (id) => {
        const segment = read(userPathSegment, id, server);
        if (segment === undefined) return;
        sent += 1;
        const path = `/apps/1/users/${segment}/terminate_connections`;
        // As HTTP clients and proxies read it: nothing is resolved, nothing begins a query.
        const { pathname, search, hash } = new URL(path, 'http://host');
        expect([pathname, search, hash]).toEqual([path, '', '']);
        expect(path.split('/')).toHaveLength(6);
        expect(() => checkPath(path)).not.toThrow();
        expect(server === 'soketi' ? segment : decodeURIComponent(segment)).toBe(id);
      }),
      { numRuns: 10_000 },
    );
    expect(sent).toBeGreaterThan(100);
  });
});
