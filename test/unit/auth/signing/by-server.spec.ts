import { afterAll, describe, expect, it, jest } from '@jest/globals';
import * as fc from 'fast-check';
import { ChannelAuthorizer } from '../../../../lib/auth/signing/channel-authorizer.js';
import { SigningKey } from '../../../../lib/crypto/signing-key.js';
import { PusherValidationError } from '../../../../lib/errors/pusher-validation.error.js';
import { resolveOptions } from '../../../../lib/options/resolve-options.js';
import { LIMITS, type PusherServer } from '../../../../lib/protocol/limits.js';
import type { PresenceMember, UserData } from '../../../../lib/protocol/users.js';

const SERVERS = Object.keys(LIMITS) as PusherServer[];

function authorizerFor(server: PusherServer): ChannelAuthorizer {
  const app = { appId: '1', key: 'k', secret: 's', host: 'localhost', server };
  return new ChannelAuthorizer(resolveOptions(app, {}));
}

/** What is signed for a member or a user, or the argument at fault. */
function member(server: PusherServer, data: unknown): string | undefined {
  return outcome(() => {
    const signed = authorizerFor(server).authorizeChannel(
      '1.1',
      'presence-a',
      data as PresenceMember,
    );
    return signed.channel_data;
  });
}

function user(server: PusherServer, data: unknown): string | undefined {
  return outcome(() => authorizerFor(server).authenticateUser('1.1', data as UserData).user_data);
}

function outcome(act: () => string | undefined): string | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof PusherValidationError) return error.argument;
    throw error;
  }
}

describe('a user who signs in', () => {
  it.each<[PusherServer, unknown, string]>([
    ['pusher', { id: 'auth0|507f' }, 'user.id'],
    ['soketi', { id: 'auth0|507f' }, '{"id":"auth0|507f"}'],
    ['sockudo', { id: 'auth0|507f' }, '{"id":"auth0|507f"}'],
    ['reverb', { id: 'auth0|507f' }, '{"id":"auth0|507f"}'],
    ['pusher', { id: 7, watchlist: [8, 9n] }, '{"id":"7","watchlist":["8","9"]}'],
    ['soketi', { id: 7 }, '{"id":"7"}'],
    ['pusher', { id: '7', watchlist: ['auth0|507f'] }, 'user.watchlist[0]'],
    ['sockudo', { id: '7', watchlist: ['auth0|507f'] }, '{"id":"7","watchlist":["auth0|507f"]}'],
    ['pusher', { id: '7', watchlist: Array(1) }, 'user.watchlist[0]'],
    ['pusher', { user_id: '7' }, 'user.user_id'],
    ['pusher', { id: '7', user_info: {} }, 'user.user_info'],
    ['pusher', { id: '7', userId: '8', colour: 'red' }, '{"id":"7","userId":"8","colour":"red"}'],
  ])('of %s with %j: %s', (server, data, expected) => {
    expect(user(server, data)).toBe(expected);
  });

  it.each<[PusherServer, number, boolean]>([
    ['pusher', 1500, false],
    ['soketi', 5000, true],
    ['sockudo', 5000, true],
    ['reverb', 1500, true],
    ['reverb', 9500, false],
  ])('of %s with %i bytes of information is signed: %s', (server, bytes, isSigned) => {
    const signed = user(server, { id: '7', userInfo: 'x'.repeat(bytes) });
    expect(signed !== 'user').toBe(isSigned);
  });
});

describe('a member of a presence channel', () => {
  it.each<[PusherServer, unknown, string]>([
    ['pusher', { userId: 'auth0|507f' }, '{"user_id":"auth0|507f"}'],
    ['pusher', { userId: 7 }, '{"user_id":"7"}'],
    ['soketi', { userId: 7n }, '{"user_id":"7","user_info":{}}'],
    ['pusher', { userId: 1.5 }, 'member.userId'],
    ['pusher', { userId: ' 7' }, 'member.userId'],
    ['pusher', { user_id: '7' }, 'member.user_id'],
    ['pusher', { id: '7' }, 'member.id'],
    ['pusher', { userId: '7', name: 'Ada' }, 'member.name'],
    ['pusher', { userId: 'x'.repeat(129) }, 'member.userId'],
    [
      'soketi',
      { userId: 'x'.repeat(129), userInfo: 1 },
      `{"user_id":"${'x'.repeat(129)}","user_info":1}`,
    ],
  ])('of %s with %j: %s', (server, data, expected) => {
    expect(member(server, data)).toBe(expected);
  });

  it.each<[PusherServer, number, boolean]>([
    ['pusher', 990, true],
    ['pusher', 1500, false],
    ['reverb', 1500, true],
    ['reverb', 9500, false],
    // Two bytes are the quotes of the string.
    ['soketi', 2046, true],
    ['soketi', 2047, false],
    ['sockudo', 2046, true],
    ['sockudo', 2047, false],
  ])('of %s with %i bytes of information is signed: %s', (server, bytes, isSigned) => {
    const signed = member(server, { userId: '7', userInfo: 'x'.repeat(bytes) });
    expect(signed !== 'member').toBe(isSigned);
  });
});

/** What would move the border between two parts of a signed string. */
const PIECES = [
  '1.1',
  ':',
  '::user::',
  '{"id":"1"}',
  '"',
  '\\',
  '\n',
  '/',
  '%',
  'presence-a',
  'private-a',
  'a',
  '7',
  'ä',
];
const text = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 5 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary' }),
);

const sign = jest.spyOn(SigningKey.prototype, 'sign');
afterAll(() => sign.mockRestore());

describe.each(SERVERS)('whatever the ids and names on %s,', (server) => {
  const authorizer = authorizerFor(server);

  it('a signed string has one meaning', () => {
    let signed = 0;
    fc.assert(
      fc.property(text, text, text, (channel, id, info) => {
        sign.mockClear();
        outcome(() => authorizer.authenticateUser('1.1', { id, userInfo: info }).user_data);
        const names = [channel, `presence-${channel}`];
        for (const name of names)
          outcome(
            () => authorizer.authorizeChannel('1.1', name, { userId: id, userInfo: info }).auth,
          );
        for (const [data] of sign.mock.calls) {
          signed += 1;
          // Read from the left: a socket id, then a channel without ":" or the mark of a user.
          const [, ofUser, name, json] =
            /^1\.1:(?:(:user::)|([^:]*)(?::|$))(.*)$/s.exec(data) ?? [];
          const fields = JSON.parse(json ?? '') as { id?: string; user_id?: string };
          expect(ofUser === undefined ? fields.user_id : fields.id).toBe(id);
          expect(ofUser === undefined ? names.includes(name ?? '') : name === undefined).toBe(true);
        }
      }),
      { numRuns: 10_000 },
    );
    expect(signed).toBeGreaterThan(1000);
  });
});
