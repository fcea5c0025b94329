/**
 * How long a webhook handler may take when nothing else is set, in milliseconds. Here, because the
 * classes of options load class-validator, and what runs for each webhook does not need it.
 */
export const DEFAULT_HANDLER_TIMEOUT_MS = 30_000;

/** What an application may write for these options: each can be left out, or be `undefined`. */
export type Optional<Options> = { [Name in keyof Options]?: Options[Name] | undefined };

/** A copy without the entries that were left out: `undefined`, `null`, or an empty string as in `FOO=`. */
export function given<T extends object>(value: T): T {
  return Object.fromEntries(
    Object.entries(value).filter(([, part]) => part !== undefined && part !== null && part !== ''),
  ) as T;
}
