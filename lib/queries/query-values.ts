import { PusherValidationError } from '../errors/pusher-validation.error.js';

/** Values of a query; numbers and switches are written as text. */
export type QueryValues = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * The values as texts; what is `undefined` is left out.
 * @throws PusherValidationError when a value is a list or an object
 */
export function textsOf(query: QueryValues): Record<string, string> {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  for (const [name, value] of given)
    if (!['string', 'number', 'boolean'].includes(typeof value))
      throw new PusherValidationError(
        `query.${name}`,
        `\`query.${name}\` must be a text. Join the parts of a list with a comma.`,
      );
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}
