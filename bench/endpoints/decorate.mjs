/** Applies decorators to a method of a class, as TypeScript would: the last one first. */
export function decorateMethod(target, method, ...decorators) {
  const descriptor = Object.getOwnPropertyDescriptor(target.prototype, method);
  for (const decorator of decorators.toReversed()) decorator(target.prototype, method, descriptor);
}

/** Applies decorators to a parameter of a method. */
export function decorateParameter(target, method, at, decorator) {
  decorator(target.prototype, method, at);
}
