import { PusherError } from '../errors/pusher-error.js';

/** Runs one of several requests; if it fails, the error says how much had been accepted before. */
export async function countingAccepted<T>(before: number, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (before > 0 && error instanceof PusherError) error.accepted = before;
    throw error;
  }
}
