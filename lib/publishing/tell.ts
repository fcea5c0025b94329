import type { Caller } from './job.js';

/** Tells the caller how the work ends. Never rejects. */
export async function tell<Answer>(
  caller: Caller<Answer>,
  work: () => Promise<Answer>,
): Promise<void> {
  try {
    caller.resolve(await work());
  } catch (error) {
    caller.reject(error);
  }
}
