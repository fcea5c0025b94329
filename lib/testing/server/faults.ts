import type { ReceivedRequest } from './observe/records.js';

/** What goes wrong with the next request to the HTTP API. */
export interface ServerFault {
  /** Answers this status without doing what was asked. @default 500 when there is a `body` or `headers` */
  status?: number;
  /** The body of that answer: a text as it is, anything else as JSON. @default a short text */
  body?: unknown;
  /** Headers of the answer. */
  headers?: Readonly<Record<string, string>>;
  /** How many requests are hit. @default 1 */
  times?: number;
  /** Milliseconds before the answer, by the server's clock; `Infinity` never answers. */
  delayMs?: number;
  /**
   * Cuts the line: before the body was read, after it, or when the request was carried out and only
   * the answer is lost.
   */
  drop?: 'before-read' | 'after-read' | 'before-answer';
  /** Cuts the line after so many bytes of the answer's body. */
  cutAfterBytes?: number;
  /** Sends so many bytes of the answer's body, then nothing more. */
  stallAfterBytes?: number;
  /** Which requests are hit, judged before the body is read. @default all */
  match?: (request: ReceivedRequest) => boolean;
}

/** The faults still to come, first in, first out. */
export class Faults {
  #coming: { fault: ServerFault; left: number }[] = [];

  add(fault: ServerFault): void {
    this.#coming.push({ fault, left: fault.times ?? 1 });
  }

  next(request: ReceivedRequest): ServerFault | undefined {
    const hit = this.#coming.find(
      ({ fault, left }) => left > 0 && (fault.match?.(request) ?? true),
    );
    if (!hit) return undefined;
    hit.left -= 1;
    this.#coming = this.#coming.filter(({ left }) => left > 0);
    return hit.fault;
  }
}
