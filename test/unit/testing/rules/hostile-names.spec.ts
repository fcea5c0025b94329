import { describe, expect, it } from '@jest/globals';
import { hostileNames } from '../../../../lib/testing/rules/hostile-names.js';

describe('hostileNames', () => {
  it('leaves out names that are meant for another rule', () => {
    const names = hostileNames(['private-a.{x}', 'presence-a.{x}', 'private-a.{x}.{y}']);
    expect(names).toContain('private-encrypted-a.1');
    for (const meant of ['presence-a.1', 'private-a.1', 'private-a.1.2', 'private-a.1.1'])
      expect(names).not.toContain(meant);
  });
});
