/**
 * Waits for the work no longer than the signal lets it, and rejects with the reason of the signal
 * then. What becomes of the work afterwards is of no interest, its failure included.
 */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    const settle = (): void => signal.removeEventListener('abort', stop);
    work.then(resolve, reject).finally(settle);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
}
