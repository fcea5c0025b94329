/** A copy without the entries that were left out, so that they do not override a default. */
export function given<T extends object>(value: T): T {
  return Object.fromEntries(
    Object.entries(value).filter(([, part]) => part !== undefined && part !== null),
  ) as T;
}
