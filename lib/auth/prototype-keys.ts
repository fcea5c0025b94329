const PROTOTYPE_KEYS = ['__proto__', 'constructor', 'prototype'];

/**
 * Whether the value has, at any depth, a field that would reach a prototype when it is copied
 * carelessly. With a list of what is left to do: a body may be nested deeper than the stack.
 */
export function hasPrototypeKey(value: object): boolean {
  const left: object[] = [value];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const here = next;
    if (PROTOTYPE_KEYS.some((key) => Object.hasOwn(here, key))) return true;
    for (const inner of Object.values(here) as unknown[])
      if (typeof inner === 'object' && inner !== null) left.push(inner);
  }
  return false;
}
