/** A frame that the server does not obey. The client receives `pusher:error`; the connection stays open. */
export class FrameError extends Error {
  constructor(
    message: string,
    readonly code: number | null = null,
  ) {
    super(message);
  }
}

/** The value of a JSON string that a client sent, `undefined` when it is not valid JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
