import { describe, expect, it } from '@jest/globals';
import { SetMetadata } from '@nestjs/common';
import { replaceMethod } from '../../../lib/discovery/replace-method.js';

/** Calls the method and adds a mark to what it returns. */
function Marked(): MethodDecorator {
  return (_target, key, descriptor: PropertyDescriptor) =>
    replaceMethod(
      '@Marked()',
      key,
      descriptor,
      (method) =>
        function marked(this: unknown, ...args) {
          return [Reflect.apply(method, this, args), 'marked'];
        },
    );
}

class Orders {
  private readonly prefix = 'order';

  @SetMetadata('above', 1)
  @Marked()
  @SetMetadata('below', 2)
  find(id: string, _more?: string): unknown {
    return `${this.prefix} ${id}`;
  }
}

describe('replaceMethod', () => {
  it('calls the replacement with the object and the arguments', () => {
    expect(new Orders().find('7')).toEqual(['order 7', 'marked']);
  });

  it('keeps name, number of parameters and metadata', () => {
    const method = Object.getOwnPropertyDescriptor(Orders.prototype, 'find')?.value as object;
    expect(method).toHaveProperty('name', 'find');
    expect(method).toHaveProperty('length', 2);
    expect(Reflect.getMetadata('above', method)).toBe(1);
    expect(Reflect.getMetadata('below', method)).toBe(2);
  });

  it('throws where there is no method', () => {
    const descriptor = Object.getOwnPropertyDescriptor({ value: 1 }, 'value') ?? {};
    const replace = (): void => replaceMethod('@Marked()', 'total', descriptor, (method) => method);
    expect(replace).toThrow('@Marked() must be on a method; total is not one.');
  });
});
