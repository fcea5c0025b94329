import { types } from 'node:util';
import { printable, printableStack } from './printable.js';
import { redact } from './redact.js';

/** What is kept of another library's error: enough to find the problem, and nothing that was sent. */
export interface SafeCause extends Error {
  code?: string;
}

/**
 * A copy of another library's error without its additional properties, and printable. HTTP clients
 * attach the whole request to their errors, including the signed URL and the body, and logging the
 * `cause` would log those too. Accepts any value and never throws.
 */
export function safeCause(error: unknown): SafeCause {
  if (!isError(error)) return new Error(printable(redact(describe(error))));
  const [message, name, stack, code] = FIELDS.map((field) => stringIn(error, field));
  const shown = message ?? 'an error without a message was thrown';
  const copy: SafeCause = new Error(printable(redact(shown)));
  if (name !== undefined) copy.name = printable(name);
  if (stack !== undefined) copy.stack = redact(printableStack(stack, message ?? ''));
  if (code !== undefined) copy.code = printable(code);
  return copy;
}

const FIELDS = ['message', 'name', 'stack', 'code'] as const;

/** They are strings by convention only; reading them may even throw. */
function stringIn(error: SafeCause, field: (typeof FIELDS)[number]): string | undefined {
  try {
    const value: unknown = error[field];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Also for errors of another realm, such as Node's own inside Jest, where `instanceof` is false. */
function isError(error: unknown): error is Error {
  return types.isNativeError(error) || isInstance(error, Error);
}

/** `instanceof` for what was thrown, which may be a proxy that throws when its prototype is read. */
export function isInstance<T>(
  value: unknown,
  type: abstract new (...args: never[]) => T,
): value is T {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}

function describe(value: unknown): string {
  if (typeof value === 'string') return value;
  return `something that is not an Error was thrown (${value === null ? 'null' : typeof value})`;
}
