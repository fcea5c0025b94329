import { describe, expect, it, jest } from '@jest/globals';
import {
  AppRules,
  AuthorizationRefusal,
  decisionOf,
  RuleFault,
  userDataOf,
} from '../../../../lib/auth/rules/app-rules.js';
import { ChannelAuthRequest, RequestLifetime } from '../../../../lib/auth/rules/auth-request.js';
import type { ChannelRule, Rule } from '../../../../lib/auth/rules/rule.js';
import { resolveOptions } from '../../../../lib/options/resolve-options.js';
import { ChannelPattern } from '../../../../lib/protocol/channel-pattern.js';

const options = resolveOptions({ appId: '1', key: 'k', secret: 's' }, {});
type Call = (request: unknown, ...args: unknown[]) => unknown;

function setup(result: unknown = true, app?: string) {
  const call = jest.fn<Call>(() => Promise.resolve(result));
  const method = { className: 'Rules', methodName: 'rule', call };
  const rule: Rule = { name: 'Rules.rule', method, ...(app !== undefined && { app }) };
  const channel: ChannelRule = {
    ...rule,
    pattern: new ChannelPattern('private-{name}'),
    onlyBoolean: false,
  };
  return { call, rules: new AppRules(options, { channels: [channel], users: [rule] }) };
}

function request(socketId: string, channel: string, lifetime = new RequestLifetime()) {
  const parts = { socketId, app: 'default', params: {}, headers: {}, raw: { is: 'raw' }, lifetime };
  return new ChannelAuthRequest(parts, channel);
}

describe('a rule', () => {
  it('receives user, parameters and request, and is resolved with the raw request', async () => {
    const { call, rules } = setup();
    const received = request('1.1', 'private-a');
    await rules.authorize(received, () => Promise.resolve('somebody'));
    expect(call).toHaveBeenCalledWith(received.raw, 'somebody', { name: 'a' }, received);
  });

  it.each([
    ['1.1', 'private-a\n'],
    ['1.1', 'private-a:b'],
    ['1.1', `private-${'a'.repeat(193)}`],
    ['1.1', 'news'],
    ['1.1\n', 'private-a'],
    ['1.1:private-b', 'private-a'],
  ])('is not called for the socket id %j and the channel %j', async (socketId, channel) => {
    const { call, rules } = setup();
    const decision = rules.authorize(request(socketId, channel), () => 'somebody');
    await expect(decision).rejects.toBeInstanceOf(AuthorizationRefusal);
    expect(call).not.toHaveBeenCalled();
  });

  it('is not called to sign in when the socket id is not valid', async () => {
    const { call, rules } = setup({ id: '1' });
    const decision = rules.authenticate(request('1.1\n', ''), () => 'somebody');
    await expect(decision).rejects.toThrow('the socket id is not valid');
    expect(call).not.toHaveBeenCalled();
  });

  it.each([undefined, null, false, ''])('is not called for the user %j', async (user) => {
    const { call, rules } = setup();
    const decision = rules.authorize(request('1.1', 'private-a'), () => user);
    await expect(decision).rejects.toThrow('the request has no user');
    expect(call).not.toHaveBeenCalled();
  });

  it('is not called for another app', async () => {
    const { call, rules } = setup(true, 'eu');
    const received = request('1.1', 'private-a');
    await expect(rules.authorize(received, () => 'somebody')).rejects.toThrow('no rule matches');
    await expect(rules.authenticate(received, () => 'somebody')).rejects.toThrow(
      '@AuthenticateUser',
    );
    expect(call).not.toHaveBeenCalled();
  });

  it.each([
    ['at once', true],
    ['later', Promise.resolve(true)],
  ])('refuses once the request has ended, whatever it returns %s', async (_when, result) => {
    const { call, rules } = setup();
    call.mockReturnValue(result);
    const lifetime = new RequestLifetime();
    lifetime.end(new Error('gone'));
    const received = request('1.1', 'private-a', lifetime);
    const refusal: unknown = await rules
      .authorize(received, () => 'somebody')
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(AuthorizationRefusal);
    expect((refusal as AuthorizationRefusal).cause).toMatchObject({ message: 'gone' });
  });
});

describe('decisionOf', () => {
  const member = { userId: '1' };

  it.each([
    ['private', true, { allowed: true }],
    ['private', false, { allowed: false }],
    ['private-encrypted', true, { allowed: true }],
    ['private-encrypted', false, { allowed: false }],
    ['presence', false, { allowed: false }],
    ['presence', member, { allowed: true, member }],
    ['presence', 'signed-in', { allowed: true, member: 'signed-in' }],
  ] as const)('accepts, on %s channels, the result %j', (kind, result, decision) => {
    expect(decisionOf(kind, result)).toEqual(decision);
  });

  it.each([
    ['private', undefined, 'it returned undefined instead of true or false'],
    ['private', null, 'null'],
    ['private', 1, 'a value of type number'],
    ['private', 'true', 'a value of type string'],
    ['private', member, 'a value of type object'],
    ['private', [true], 'an array'],
    ['private-encrypted', 'signed-in', 'a value of type string'],
    ['presence', true, 'it returned true instead of { userId, userInfo }'],
    ['presence', undefined, 'undefined'],
    ['presence', null, 'null'],
    ['presence', 'secret-value', 'a value of type string'],
    ['presence', [member], 'an array'],
    ['presence', () => member, 'a value of type function'],
  ] as const)('rejects, on %s channels, the result %p', (kind, result, message) => {
    expect(() => decisionOf(kind, result)).toThrow(RuleFault);
    expect(() => decisionOf(kind, result)).toThrow(message);
    expect(() => decisionOf(kind, result)).not.toThrow('secret-value');
  });
});

describe('userDataOf', () => {
  it('accepts a user, null and false', () => {
    expect(userDataOf({ id: '1' })).toEqual({ id: '1' });
    expect([userDataOf(null), userDataOf(false)]).toEqual([undefined, undefined]);
  });

  it.each([undefined, true, '', 'id', 7, [{ id: '1' }]])('rejects %j', (result) => {
    expect(() => userDataOf(result)).toThrow(RuleFault);
  });
});
