/** On its own, or in the brackets that some parsers of forms leave in the name of a field. */
const PROTOTYPE_KEY = /(?:^|\[)(?:__proto__|constructor|prototype)(?:$|[[\]])/;

/**
 * Whether the value has, at any depth, a field that would reach a prototype when it is copied
 * carelessly. With a list of what is left to do: a body may be nested deeper than the stack.
 */
export function hasPrototypeKey(value: object): boolean {
  const left: object[] = [value];
  for (let next = left.pop(); next !== undefined; next = left.pop())
    for (const [key, inner] of Object.entries(next) as [string, unknown][]) {
      if (PROTOTYPE_KEY.test(key)) return true;
      if (typeof inner === 'object' && inner !== null) left.push(inner);
    }
  return false;
}
