import { isPromiseLike } from '../../runtime/deadline.js';

/** Starts to watch for the end of a request, calls back with the reason, and returns how to stop. */
export type WatchForEnd = (end: (reason: Error) => void) => () => void;

/**
 * The time in which the response to a request can still be sent: until the client disconnects or the
 * time is up. Most rules return at once, so it costs nothing until somebody waits or reads the signal.
 */
export class RequestLifetime {
  #watching: (() => void) | undefined;
  #closed = false;
  #reason: Error | undefined;
  #controller: AbortController | undefined;
  #reject: (reason: Error) => void = () => undefined;

  /** @param watch called once at most. @default the request does not end early */
  constructor(private readonly watch: WatchForEnd = () => () => undefined) {}

  /** Aborts when the request ends early. */
  get signal(): AbortSignal {
    this.#watch();
    this.#controller ??= new AbortController();
    if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  /** The value itself when it is there at once; otherwise waits for it until the request ends. */
  waitFor<T>(value: T | PromiseLike<T>): T | Promise<T> {
    if (isPromiseLike(value))
      return new Promise((resolve, reject) => {
        this.#reject = reject;
        this.#watch();
        if (this.#reason !== undefined) reject(this.#reason);
        value.then(resolve, reject);
      });
    if (this.#reason !== undefined) throw this.#reason;
    return value;
  }

  /** Ends the request early: whoever waits fails with the reason. */
  end(reason: Error): void {
    if (this.#closed) return;
    this.close();
    this.#reason = reason;
    this.#controller?.abort(reason);
    this.#reject(reason);
  }

  /** The response is sent; nothing is watched any more. */
  close(): void {
    this.#closed = true;
    this.#watching?.();
    this.#watching = undefined;
  }

  #watch(): void {
    if (this.#closed || this.#watching !== undefined) return;
    // Ended at once, it has closed itself before there was anything to stop.
    this.#watching = this.watch((reason) => this.end(reason));
    if (this.#closed) this.close();
  }
}
