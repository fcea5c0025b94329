/** The part of a response of Node that tells when it is over. */
interface Closable {
  readonly destroyed: boolean;
  once(event: 'close', listener: () => void): unknown;
  off(event: 'close', listener: () => void): unknown;
}

/** The response of Express is Node's own, that of Fastify has it inside. */
export type NodeResponse = Closable | { readonly raw: Closable };

/**
 * Runs the work with a signal that aborts when the client goes away or `timeoutMs` milliseconds are
 * over. Nothing of it is left when the work is done.
 */
export async function whileOpen<T>(
  response: NodeResponse,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const raw = 'raw' in response ? response.raw : response;
  const over = new AbortController();
  const gone = (): void => over.abort(new Error('the client was gone before there was an answer'));
  const timer = setTimeout(
    () => over.abort(new Error(`there was no answer within ${timeoutMs} ms`)),
    timeoutMs,
  );
  // The connection keeps the process alive for as long as somebody waits on it.
  timer.unref();
  raw.once('close', gone);
  if (raw.destroyed) gone();
  try {
    return await work(over.signal);
  } finally {
    clearTimeout(timer);
    raw.off('close', gone);
  }
}
