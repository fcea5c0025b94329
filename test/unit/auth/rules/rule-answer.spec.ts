import { describe, expect, it } from '@jest/globals';
import { decisionOf, RuleFault, userDataOf } from '../../../../lib/auth/rules/rule-answer.js';

const member = { userId: '1' };

describe('decisionOf', () => {
  it.each([
    ['private', true, { allowed: true }],
    ['private', false, { allowed: false }],
    ['private-encrypted', true, { allowed: true }],
    ['private-encrypted', false, { allowed: false }],
    ['presence', false, { allowed: false }],
    ['presence', member, { allowed: true, member }],
    ['presence', 'signed-in', { allowed: true, member: 'signed-in' }],
  ] as const)('%s, %j', (kind, answer, decision) => {
    expect(decisionOf(kind, answer)).toEqual(decision);
  });

  it.each([
    ['private', undefined, 'it returned undefined where true or false is the answer'],
    ['private', null, 'null'],
    ['private', 1, 'a value of type number'],
    ['private', 'true', 'a value of type string'],
    ['private', member, 'a value of type object'],
    ['private', [true], 'a list'],
    ['private-encrypted', 'signed-in', 'a value of type string'],
    ['presence', true, 'it returned true where { userId, userInfo }'],
    ['presence', undefined, 'undefined'],
    ['presence', null, 'null'],
    ['presence', 'secret-value', 'a value of type string'],
    ['presence', [member], 'a list'],
    ['presence', () => member, 'a value of type function'],
  ] as const)('%s, %p is no answer', (kind, answer, said) => {
    expect(() => decisionOf(kind, answer)).toThrow(RuleFault);
    expect(() => decisionOf(kind, answer)).toThrow(said);
    expect(() => decisionOf(kind, answer)).not.toThrow('secret-value');
  });
});

describe('userDataOf', () => {
  it('takes a user, null and false', () => {
    expect(userDataOf({ id: '1' })).toEqual({ id: '1' });
    expect([userDataOf(null), userDataOf(false)]).toEqual([undefined, undefined]);
  });

  it.each([undefined, true, '', 'id', 7, [{ id: '1' }]])('refuses %j', (answer) => {
    expect(() => userDataOf(answer)).toThrow(RuleFault);
  });
});
