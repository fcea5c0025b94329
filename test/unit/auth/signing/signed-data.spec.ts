import { afterAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import * as fc from 'fast-check';
import { AppRules } from '../../../../lib/auth/rules/app-rules.js';
import { ChannelAuthRequest } from '../../../../lib/auth/rules/auth-request.js';
import { ChannelAuthorizer } from '../../../../lib/auth/signing/channel-authorizer.js';
import type { ChannelRule } from '../../../../lib/auth/rules/rule.js';
import { SigningKey } from '../../../../lib/crypto/signing-key.js';
import { PusherValidationError } from '../../../../lib/errors/pusher-validation.error.js';
import { resolveOptions } from '../../../../lib/options/resolve-options.js';
import { ChannelPattern } from '../../../../lib/protocol/channel-pattern.js';
import type { PresenceMember } from '../../../../lib/protocol/users.js';

const options = resolveOptions(
  { appId: '1', key: 'k', secret: 's', encryptionMasterKeyBase64: `${'A'.repeat(43)}=` },
  {},
);
const authorizer = new ChannelAuthorizer(options);
const signed = jest.spyOn(SigningKey.prototype, 'sign');

beforeEach(() => void signed.mockClear());
afterAll(() => signed.mockRestore());

/** A string that some server could take for one that authenticates a user. */
const USER_STRING = /^[^:]*::user::/s;

/** Parts of names, of socket ids and of both kinds of signed strings, and what breaks them. */
const PIECES =
  '1 23.4 . : :: :user: ::user:: {"id":"1"} " \n \0 ü ١ private- private-encrypted- presence- cache- #server-to-user- a user';
const piece = fc.constantFrom(...PIECES.split(' '));
const built = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
const socketId = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[0-9]{1,4}\.[0-9]{1,4}$/) },
  { weight: 2, arbitrary: built },
  fc.string({ unit: 'binary' }),
);
const channel = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^(private-|presence-)(encrypted-)?[a-z.:@]{0,8}$/) },
  { weight: 2, arbitrary: built },
  fc.string({ unit: 'binary' }),
);
const member = fc.oneof(
  fc.constant(undefined),
  fc.constant('signed-in' as const),
  fc.record({ userId: fc.oneof(built, fc.string()), userInfo: fc.jsonValue({ maxDepth: 2 }) }),
);

/** The string that is signed for the request, or nothing when it is refused. */
function signedFor(
  socket: string,
  name: string,
  who?: PresenceMember | 'signed-in',
): string | undefined {
  signed.mockClear();
  try {
    authorizer.authorizeChannel(socket, name, who);
  } catch (error) {
    if (error instanceof PusherValidationError) return undefined;
    throw error;
  }
  return signed.mock.calls[0]?.[0];
}

describe('what is signed for a channel', () => {
  it('is never what is signed for a user', () => {
    let accepted = 0;
    fc.assert(
      fc.property(socketId, channel, member, (socket, name, who) => {
        const data = signedFor(socket, name, who);
        if (data !== undefined) accepted += 1;
        return data === undefined || !USER_STRING.test(data);
      }),
      { numRuns: 10_000 },
    );
    // A property of nothing would hold as well.
    expect(accepted).toBeGreaterThan(200);
  });

  it('has one meaning: the same string divided elsewhere is refused', () => {
    fc.assert(
      fc.property(socketId, channel, member, (socket, name, who) => {
        const data = signedFor(socket, name, who) ?? '';
        return [...data.matchAll(/:/g)].every(({ index }) => {
          const [other, rest] = [data.slice(0, index), data.slice(index + 1)];
          const known = other === socket && rest === name;
          return known || signedFor(other, rest, memberFor(rest)) === undefined;
        });
      }),
      { numRuns: 10_000 },
    );
  });

  it('is what a rule allowed, whatever the name', async () => {
    const rules = ['private-{a}', 'private-{a}.{b}', 'private-encrypted-{a}'].map(always);
    const app = new AppRules(options, { channels: rules, users: [] });
    await fc.assert(
      fc.asyncProperty(socketId, channel, async (socket, name) => {
        signed.mockClear();
        await app.authorize(request(socket, name), () => 'somebody').catch(() => undefined);
        for (const [data] of signed.mock.calls) {
          expect(data).toBe(`${socket}:${name}`);
          expect(data).not.toMatch(USER_STRING);
          expect(rules.filter((rule) => rule.pattern.match(name))).toHaveLength(1);
        }
      }),
      { numRuns: 10_000 },
    );
  });
});

it('what is signed for a user is never what is signed for a channel', () => {
  fc.assert(
    fc.property(socketId, fc.oneof(built, fc.stringMatching(/^[a-z]{1,8}$/)), (socket, id) => {
      signed.mockClear();
      try {
        authorizer.authenticateUser(socket, { id, name: id });
      } catch (error) {
        return error instanceof PusherValidationError && signed.mock.calls.length === 0;
      }
      const data = signed.mock.calls[0]?.[0] ?? '';
      return USER_STRING.test(data) && data.startsWith(`${socket}::user::{"id":"${id}"`);
    }),
    { numRuns: 10_000 },
  );
});

/** The member that a name needs to be signed as it is. */
function memberFor(name: string): 'signed-in' | undefined {
  return name.startsWith('presence-') ? 'signed-in' : undefined;
}

function always(pattern: string): ChannelRule {
  const method = { className: 'Rules', methodName: 'yes', call: () => Promise.resolve(true) };
  return { name: 'Rules.yes', method, pattern: new ChannelPattern(pattern), onlyBoolean: false };
}

function request(socket: string, name: string): ChannelAuthRequest {
  const parts = { socketId: socket, app: 'default', params: {}, headers: {}, raw: {} };
  return new ChannelAuthRequest(parts, name);
}
