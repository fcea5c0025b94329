import { types } from 'node:util';
import { PusherValidationError } from '../../errors/pusher-validation.error.js';
import { shownValue } from '../../protocol/arguments.js';

/** The errors that the next requests fail with. */
export class PlannedFailures {
  #planned: { readonly error: Error; left: number }[] = [];

  /** @throws PusherValidationError when it is not an error, or not a number of times */
  plan(error: Error, times: number): void {
    if (!types.isNativeError(error) && !((error as unknown) instanceof Error))
      throw new PusherValidationError(
        'error',
        `\`error\` must be an Error, such as new Error('no response'); ${shownValue(error)}.`,
      );
    if (!(times >= 0 && (Number.isInteger(times) || times === Infinity)))
      throw new PusherValidationError(
        'times',
        `\`times\` must be a whole number from 0 up, or Infinity; ${shownValue(times)}.`,
      );
    this.#planned.push({ error, left: times });
  }

  clear(): void {
    this.#planned = [];
  }

  throwNext(): void {
    this.#planned = this.#planned.filter(({ left }) => left > 0);
    const [next] = this.#planned;
    if (next === undefined) return;
    next.left -= 1;
    throw next.error;
  }
}
