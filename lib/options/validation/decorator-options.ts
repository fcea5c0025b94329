import { PusherOptionsError } from '../../errors/pusher-options.error.js';
import { type ArgumentShape, argumentFault, withoutLeftOut } from '../../protocol/arguments.js';

/**
 * The options of a decorator or of a function that creates a controller, without those that were left
 * out (`undefined` or `null`).
 * @param what the call as messages show it, such as `@AuthorizeChannel()`
 * @throws PusherOptionsError when they are not an object, or have a name that is not known
 */
export function decoratorOptions<Options extends object>(
  what: string,
  options: Options | null | undefined,
  shape: ArgumentShape,
): Options {
  const written = options ?? {};
  const fault = argumentFault(written, 'options', shape);
  if (fault !== undefined) throw new PusherOptionsError([fault], `Invalid options for ${what}`);
  return withoutLeftOut(written) as Options;
}
