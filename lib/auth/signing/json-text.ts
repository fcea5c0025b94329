import { PusherValidationError } from '../../errors/pusher-validation.error.js';

/** The JSON text of the value; what cannot be JSON is the fault of the argument. */
export function jsonText(value: object, argument: string): string {
  let cause: unknown;
  try {
    // A `toJSON` of the application can return nothing.
    const text = JSON.stringify(value) as string | undefined;
    if (text !== undefined) return text;
  } catch (error) {
    cause = error;
  }
  throw new PusherValidationError(
    argument,
    `\`${argument}\` cannot be turned into JSON. Take out cycles and bigints.`,
    cause,
  );
}

/** @throws PusherValidationError when the JSON takes more bytes than the server accepts */
export function checkSize(argument: string, bytes: number, limit: number): void {
  if (bytes > limit)
    throw new PusherValidationError(
      argument,
      `\`${argument}\` takes ${bytes} bytes of JSON, ${limit} are allowed. Leave out what clients can look up, or raise limits.maxUserDataBytes if your server takes more.`,
    );
}
