import { describe, expect, it } from '@jest/globals';
import { hostileNames } from '../../../../lib/testing/rules/hostile-names.js';

describe('hostileNames', () => {
  it('leaves out names that are meant for another rule', () => {
    const names = hostileNames(['private-a.{x}', 'presence-a.{x}', 'private-a.{x}.{y}']);
    expect(names).toContain('private-encrypted-a.1');
    for (const meant of ['presence-a.1', 'private-a.1', 'private-a.1.2', 'private-a.1.1'])
      expect(names).not.toContain(meant);
  });

  it('tries values with dots where a parameter takes the rest of the name', () => {
    const names = hostileNames(['private-user-{email...}']);
    for (const value of ['.', '..', 'a..b', '__proto__', '1.__proto__', 'id@example.com'])
      expect(names).toContain(`private-user-${value}`);
    expect(names).not.toContain('private-user-1.1');
    expect(hostileNames(['private-user-{email...}'], ['private-user-{email...}'])).not.toContain(
      'private-user-..',
    );
  });
});
