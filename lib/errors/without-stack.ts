/**
 * Makes an error without the stack, which is most of what an error costs: for a shutdown that has to
 * reject tens of thousands of promises in time. Their callers have returned long before.
 */
export function withoutStack<E extends Error>(make: () => E): E {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
