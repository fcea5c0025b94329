import type { WebhookHeaders } from '../webhook.js';

const TOKEN = "[-!#$%&'*+.^_`|~0-9A-Za-z]+";
const PARAMETER = `;[ \\t]*${TOKEN}[ \\t]*=[ \\t]*(?:${TOKEN}|"(?:[^"\\\\]|\\\\.)*")[ \\t]*`;
/** Well-formed values only: where an HTTP server rejects the header, it keeps no raw body. */
const JSON_TYPE = new RegExp(`^application/json[ \\t]*(?:${PARAMETER})*$`, 'i');

/** Whether a media type, with or without parameters, is JSON. */
export function isJsonType(contentType: string): boolean {
  return JSON_TYPE.test(contentType);
}

/**
 * The value of a header, by its lower-case name. A header that was sent twice has the value that
 * HTTP gives it, both joined by a comma.
 */
export function readHeader(headers: WebhookHeaders, name: string): string | undefined {
  if (!headers) return undefined;
  if (typeof headers.get === 'function' && !(headers instanceof Map))
    return headers.get(name) ?? undefined;
  const record = recordOf(headers);
  const value = record[name] ?? record[spelling(record, name)];
  if (typeof value === 'string') return value;
  return Array.isArray(value) && value.every(isString) ? value.join(', ') : undefined;
}

/** A `Map`, and a list of names and values, as a record. */
function recordOf(headers: object): Readonly<Record<string, unknown>> {
  const isList = headers instanceof Map || (Array.isArray(headers) && headers.every(Array.isArray));
  return (isList ? Object.fromEntries(headers) : headers) as Readonly<Record<string, unknown>>;
}

function isString(value: unknown): boolean {
  return typeof value === 'string';
}

/** The name as the record spells it. Node has it in lower case; queues and gateways often do not. */
function spelling(record: object, name: string): string {
  return Object.keys(record).find((key) => key.toLowerCase() === name) ?? name;
}
