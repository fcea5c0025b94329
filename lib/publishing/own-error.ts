/**
 * A copy of an error for one more caller. An error belongs to who gets it: what one caller's code
 * writes on it (`accepted`, the marks of a logger) must not show up at another's.
 */
export function ownError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  try {
    return copyOf(error);
  } catch {
    // One that cannot be copied is better shared than kept from its caller.
    return error;
  }
}

function copyOf(error: Error): unknown {
  const copy: unknown = Object.setPrototypeOf(
    new Error(error.message),
    Object.getPrototypeOf(error) as object,
  );
  return Object.defineProperties(copy, Object.getOwnPropertyDescriptors(error));
}
