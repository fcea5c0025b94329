import type { EventSchema, SchemaIssue, SchemaResult } from './define-events.js';

/** Whether the value is a schema of version 1. Those of arktype are functions. */
export function isEventSchema(value: unknown): value is EventSchema {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return false;
  const standard = (value as Partial<EventSchema>)['~standard'];
  return standard?.version === 1 && typeof standard.validate === 'function';
}

/** One thing that is wrong with a payload. */
export interface PayloadProblem {
  /** Where, such as `items[2].price`; empty for the payload as a whole. */
  readonly path: string;
  /** The schema's own words. */
  readonly message: string;
}

/** The output of the schema, or what is wrong. */
export type CheckedPayload =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly PayloadProblem[] };

/** The problem of every payload whose schema returns a promise. */
export const ASYNCHRONOUS: PayloadProblem = {
  path: '',
  message: 'the schema is asynchronous, and payloads are checked at once. Use one that is not',
};

/** Checks a payload against the schema of its event. What the schema throws is thrown. */
export function checkPayload(schema: EventSchema, payload: unknown): CheckedPayload {
  const result = schema['~standard'].validate(payload);
  if (isPromise(result)) {
    // Nobody awaits it, so its failure must not end the process.
    result.then(undefined, () => undefined);
    return { ok: false, problems: [ASYNCHRONOUS] };
  }
  return result.issues === undefined
    ? { ok: true, value: result.value }
    : { ok: false, problems: result.issues.map(problemOf) };
}

function isPromise(
  result: SchemaResult<unknown> | Promise<SchemaResult<unknown>>,
): result is Promise<SchemaResult<unknown>> {
  return typeof (result as Partial<Promise<unknown>>).then === 'function';
}

function problemOf({ message, path = [] }: SchemaIssue): PayloadProblem {
  return { message, path: path.reduce<string>(appendKey, '') };
}

function appendKey(path: string, segment: PropertyKey | { readonly key: PropertyKey }): string {
  const key = typeof segment === 'object' ? segment.key : segment;
  if (typeof key === 'number') return `${path}[${key}]`;
  return path === '' ? String(key) : `${path}.${String(key)}`;
}
