import { PusherError } from '../../../lib/errors/pusher-error.js';

/** Calls as JavaScript can write them, or TypeScript whose types were asserted. */
export const call = (of: unknown, ...args: unknown[]): unknown =>
  (of as (...args: unknown[]) => unknown)(...args);

/** The message of the error of this library that the call throws or rejects with. */
export async function messageOf(act: () => unknown): Promise<string> {
  try {
    await act();
  } catch (error) {
    if (error instanceof PusherError) return error.message;
    throw error;
  }
  return 'no error';
}
