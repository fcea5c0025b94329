/** A frame that the server does not obey. Answered with `pusher:error`; the connection stays open. */
export class RefusedFrame extends Error {
  constructor(
    message: string,
    readonly code: number | null = null,
  ) {
    super(message);
  }
}
