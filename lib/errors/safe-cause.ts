import { types } from 'node:util';
import { redact } from './redact.js';

/** What is kept of a foreign error: enough to find the fault, nothing that was sent. */
export interface SafeCause extends Error {
  code?: string;
}

/**
 * A copy of a foreign error without its own properties. HTTP clients hang the whole request on
 * theirs, signed URL and body included, and whoever logs the `cause` would log those too.
 */
export function safeCause(error: unknown): SafeCause {
  if (!isError(error)) return new Error(redact(describe(error)));
  const copy: SafeCause = new Error(redact(error.message));
  copy.name = error.name;
  if (error.stack !== undefined) copy.stack = redact(error.stack);
  const code = (error as SafeCause).code;
  if (typeof code === 'string') copy.code = code;
  return copy;
}

/** Also for errors of another realm: Node's own are that inside Jest, where `instanceof` says no. */
function isError(error: unknown): error is Error {
  return types.isNativeError(error) || error instanceof Error;
}

function describe(value: unknown): string {
  if (typeof value === 'string') return value;
  return `something that is not an Error was thrown (${value === null ? 'null' : typeof value})`;
}
