import { describe, expect, it } from '@jest/globals';
import type { ChannelRule, Rule } from '../../../../lib/auth/rules/rule.js';
import { type AuthSetup, faultsOf, warningsOf } from '../../../../lib/auth/rules/check-rules.js';
import { ChannelPattern } from '../../../../lib/protocol/channel-pattern.js';
import { LIMITS } from '../../../../lib/protocol/limits.js';
import { Secret } from '../../../../lib/runtime/secret.js';

const app = (name = 'default', masterKey?: Secret<Uint8Array>) => ({
  name,
  limits: LIMITS.pusher,
  ...(masterKey && { masterKey }),
});
const withKey = (name = 'default') => app(name, new Secret<Uint8Array>(new Uint8Array(32)));

function user(name: string, forApp?: string): Rule {
  const [className = '', methodName = ''] = name.split('.');
  const method = { className, methodName, call: () => Promise.resolve() };
  return forApp === undefined ? { name, method } : { name, method, app: forApp };
}

function rule(
  pattern: string,
  name = 'Rules.one',
  forApp?: string,
  onlyBoolean = false,
): ChannelRule {
  return { ...user(name, forApp), pattern: new ChannelPattern(pattern), onlyBoolean };
}

/** Names of apps stand for endpoints. */
type SetupParts = Partial<Omit<AuthSetup, 'endpoints'>> & { endpoints?: string[] };

function setup({ endpoints = ['default'], ...parts }: SetupParts): AuthSetup {
  const marks = endpoints.map((name) => ({ app: name, findsUser: false }));
  return { channels: [], users: [], endpoints: marks, apps: [app()], ...parts };
}

describe('faultsOf', () => {
  it.each<[string, SetupParts]>([
    [
      'patterns that differ',
      { channels: [rule('private-a.{x}'), rule('private-b.{x}', 'Rules.two')] },
    ],
    ['kinds that differ', { channels: [rule('private-{x}'), rule('presence-{x}', 'Rules.two')] }],
    [
      'a name next to a pattern that matches it',
      { channels: [rule('private-{x}'), rule('private-a', 'Rules.two')] },
    ],
    [
      'a name next to a pattern for the rest of a name',
      { channels: [rule('private-{x...}'), rule('private-a.b', 'Rules.two')] },
    ],
    [
      'apps that differ',
      {
        apps: [app('one'), app('two')],
        endpoints: ['one', 'two'],
        channels: [
          rule('private-{x}', 'Rules.one', 'one'),
          rule('private-{x}', 'Rules.two', 'two'),
        ],
        users: [user('Rules.three', 'one'), user('Rules.four', 'two')],
      },
    ],
    [
      'a boolean for a private channel',
      { channels: [rule('private-a', 'Rules.one', undefined, true)] },
    ],
    [
      'an encrypted rule',
      { apps: [app('one'), withKey()], channels: [rule('private-encrypted-{x}')] },
    ],
    ['a long pattern', { channels: [rule(`private-${'a'.repeat(190)}.{x}`)] }],
  ])('finds nothing wrong with %s', (_case, parts) => {
    expect(faultsOf(setup(parts))).toEqual([]);
  });

  it.each<[string, SetupParts, RegExp[]]>([
    [
      'patterns that can match one name',
      { channels: [rule('private-{x}.b', 'A.one'), rule('private-a.{y}', 'B.two')] },
      [
        /@AuthorizeChannel\('private-\{x\}\.b'\) of A\.one and @AuthorizeChannel\('private-a\.\{y\}'\) of B\.two can match the same name\. Make/,
      ],
    ],
    [
      'a pattern for one segment next to one for the rest',
      { channels: [rule('private-a.{x}', 'A.one'), rule('private-{y...}', 'B.two')] },
      [
        /'private-a\.\{x\}'\) of A\.one and .*'private-\{y\.\.\.\}'\) of B\.two can match the same name/,
      ],
    ],
    [
      'one name twice',
      { channels: [rule('private-a', 'A.one'), rule('private-a', 'B.two')] },
      [/can match the same name/],
    ],
    [
      'a method found twice',
      { channels: [rule('private-a', 'A.one'), rule('private-a', 'A.one')] },
      [/found twice: provide its class in one module/],
    ],
    [
      'one app that has both',
      { apps: [app(), app('eu')], channels: [rule('private-a'), rule('private-a', 'B.two', 'eu')] },
      [/can match the same name/],
    ],
    ['a public pattern', { channels: [rule('orders.{id}')] }, [/Rules\.one can never match: only/]],
    [
      'a pattern that is too long',
      { channels: [rule(`private-${'a'.repeat(192)}{x}`)] },
      [
        /can never match: the shortest matching name has 201 characters, and the server accepts 200/,
      ],
    ],
    [
      'a boolean for a presence channel',
      { channels: [rule('presence-a', 'Rules.one', undefined, true)] },
      [/'presence-a'\) of Rules\.one is declared to return a boolean/],
    ],
    [
      'an encrypted rule without a key',
      {
        apps: [app(), withKey('eu')],
        channels: [rule('private-encrypted-a', 'Rules.one', 'default')],
      },
      [/no master key\. Set encryptionMasterKeyBase64/],
    ],
    [
      'two rules that sign in the users of one app',
      { users: [user('A.one'), user('B.two')] },
      [/A\.one and .* B\.two both/],
    ],
    [
      'apps that are not registered',
      {
        channels: [rule('private-a', 'A.one', 'eu')],
        users: [user('A.two', 'us')],
        endpoints: ['asia'],
      },
      [/A\.one applies to the app "eu"/, /A\.two applies to the app "us"/, /for the app "asia"/],
    ],
  ])('reports %s', (_case, parts, messages) => {
    const faults = faultsOf(setup(parts));
    expect(faults).toEqual(messages.map((message) => expect.stringMatching(message) as unknown));
  });

  it('compares each pair of a thousand rules once', () => {
    let compared = 0;
    class CountedPattern extends ChannelPattern {
      override overlaps(other: ChannelPattern): boolean {
        compared += 1;
        return super.overlaps(other);
      }
    }
    const channels = Array.from({ length: 1000 }, (_, at) => ({
      ...rule('private-x', `R.m${at}`),
      pattern: new CountedPattern(`private-r${at}.{x}`),
    }));
    expect(faultsOf(setup({ channels }))).toEqual([]);
    expect(compared).toBe((1000 * 999) / 2);
  });
});

describe('warningsOf', () => {
  it.each<[string, SetupParts, RegExp[]]>([
    [
      'nothing when every rule is served',
      { channels: [rule('private-a')], users: [user('A.b')] },
      [],
    ],
    [
      'every rule without an endpoint',
      { endpoints: [], channels: [rule('private-a')], users: [user('A.b')] },
      [
        /'private-a'\) of Rules\.one is never called: .* any app\. Add PusherAuthController\(\) /,
        /@AuthenticateUser of A\.b is never called/,
      ],
    ],
    [
      'a rule whose app has no endpoint',
      { channels: [rule('private-a'), rule('private-b', 'A.b', 'eu')] },
      [/A\.b is never called: .* the app "eu"\. Add PusherAuthController\(\{ app: 'eu' \}\)/],
    ],
    ['an endpoint without rules', {}, [/app "default" refuses every request/]],
  ])('reports %s', (_case, parts, messages) => {
    expect(warningsOf(setup(parts))).toEqual(
      messages.map((message) => expect.stringMatching(message) as unknown),
    );
  });
});
