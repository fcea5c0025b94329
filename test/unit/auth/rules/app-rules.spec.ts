import { describe, expect, it, jest } from '@jest/globals';
import { AppRules } from '../../../../lib/auth/rules/app-rules.js';
import { ChannelAuthRequest } from '../../../../lib/auth/rules/auth-request.js';
import type { ChannelRule, Rule } from '../../../../lib/auth/rules/rule.js';
import { Refusal } from '../../../../lib/auth/rules/refusal.js';
import { resolveOptions } from '../../../../lib/options/resolve-options.js';
import { ChannelPattern } from '../../../../lib/protocol/channel-pattern.js';

const options = resolveOptions({ appId: '1', key: 'k', secret: 's' }, {});
type Call = (args: readonly unknown[], request?: unknown) => Promise<unknown>;

function setup(answer: unknown = true, app?: string) {
  const call = jest.fn<Call>(() => Promise.resolve(answer));
  const method = { className: 'Rules', methodName: 'rule', call };
  const rule: Rule = { name: 'Rules.rule', method, ...(app !== undefined && { app }) };
  const channel: ChannelRule = {
    ...rule,
    pattern: new ChannelPattern('private-{name}'),
    onlyBoolean: false,
  };
  return { call, rules: new AppRules(options, { channels: [channel], users: [rule] }) };
}

function request(socketId: string, channel: string, signal = new AbortController().signal) {
  const parts = { socketId, app: 'default', params: {}, headers: {}, raw: { is: 'raw' }, signal };
  return new ChannelAuthRequest(parts, channel);
}

describe('a rule', () => {
  it('gets user, parameters and request, and the raw request to be resolved with', async () => {
    const { call, rules } = setup();
    const asked = request('1.1', 'private-a');
    await rules.authorize(asked, () => Promise.resolve('somebody'));
    expect(call).toHaveBeenCalledWith(['somebody', { name: 'a' }, asked], asked.raw);
  });

  it.each([
    ['1.1', 'private-a\n'],
    ['1.1', 'private-a:b'],
    ['1.1', `private-${'a'.repeat(193)}`],
    ['1.1', 'news'],
    ['1.1\n', 'private-a'],
    ['1.1:private-b', 'private-a'],
  ])('is not asked for %j and %j', async (socketId, channel) => {
    const { call, rules } = setup();
    const answer = rules.authorize(request(socketId, channel), () => 'somebody');
    await expect(answer).rejects.toBeInstanceOf(Refusal);
    expect(call).not.toHaveBeenCalled();
  });

  it('is not asked to sign in a socket that is none', async () => {
    const { call, rules } = setup({ id: '1' });
    const answer = rules.authenticate(request('1.1\n', ''), () => 'somebody');
    await expect(answer).rejects.toThrow('the socket id is none');
    expect(call).not.toHaveBeenCalled();
  });

  it.each([undefined, null, false, ''])('is not asked for the user %j', async (user) => {
    const { call, rules } = setup();
    const answer = rules.authorize(request('1.1', 'private-a'), () => user);
    await expect(answer).rejects.toThrow('nobody is logged in');
    expect(call).not.toHaveBeenCalled();
  });

  it('is not asked for another app', async () => {
    const { call, rules } = setup(true, 'eu');
    const asked = request('1.1', 'private-a');
    await expect(rules.authorize(asked, () => 'somebody')).rejects.toThrow('no rule matches');
    await expect(rules.authenticate(asked, () => 'somebody')).rejects.toThrow('@AuthenticateUser');
    expect(call).not.toHaveBeenCalled();
  });

  it('does not count once the request is over', async () => {
    const { rules } = setup();
    const asked = request('1.1', 'private-a', AbortSignal.abort(new Error('gone')));
    const refusal: unknown = await rules
      .authorize(asked, () => 'somebody')
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Refusal);
    expect((refusal as Refusal).cause).toMatchObject({ message: 'gone' });
  });
});
