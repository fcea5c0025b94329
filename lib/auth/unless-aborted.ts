/**
 * Waits for the work no longer than the signal lets it, and rejects with the reason of the signal
 * then. What becomes of the work afterwards is of no interest, its failure included.
 */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const settled = new AbortController();
  const aborted = new Promise<never>((_resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { signal: settled.signal });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    settled.abort();
  }
}
