import { describe, expect, it } from '@jest/globals';
import { withoutStack } from '../../../lib/errors/without-stack.js';

describe('withoutStack', () => {
  it('makes an error whose stack has no frames', () => {
    expect(withoutStack(() => new Error('closed')).stack).toBe('Error: closed');
  });

  it('leaves the stacks of all other errors alone', () => {
    const limit = Error.stackTraceLimit;
    const fail = (): never => {
      throw new RangeError('no error was made');
    };
    expect(() => withoutStack(fail)).toThrow(RangeError);
    expect(Error.stackTraceLimit).toBe(limit);
    expect(new Error('other').stack).toContain('without-stack.spec');
  });
});
