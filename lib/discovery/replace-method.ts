type AnyMethod = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Replaces the method of a descriptor. Name, number of parameters and metadata stay, such as what the
 * decorators of Nest below this one have left on the method.
 * @param decorator as messages show it, such as `@HoldEvents()`
 * @param replace returns the new method; it receives the one that was there
 */
export function replaceMethod(
  decorator: string,
  key: string | symbol,
  descriptor: PropertyDescriptor,
  replace: (method: AnyMethod) => AnyMethod,
): void {
  const method: unknown = descriptor.value;
  if (typeof method !== 'function')
    throw new TypeError(`${decorator} must be on a method; ${String(key)} is not one.`);
  const replacement = replace(method as AnyMethod);
  for (const name of Reflect.getMetadataKeys(method) as unknown[])
    Reflect.defineMetadata(name, Reflect.getMetadata(name, method), replacement);
  Object.defineProperty(replacement, 'name', { value: method.name, configurable: true });
  Object.defineProperty(replacement, 'length', { value: method.length, configurable: true });
  descriptor.value = replacement;
}
