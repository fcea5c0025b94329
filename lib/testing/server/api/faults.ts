import {
  argumentShape,
  invalidArgument,
  isRecord,
  readArgument,
  shownValue,
} from '../../../protocol/arguments.js';
import type { ReceivedRequest } from '../observe/records.js';

/** What goes wrong with the next request to the HTTP API. */
export interface ServerFault {
  /**
   * Responds with this status without carrying the request out.
   * @default 500 when there is a `body` or `headers`
   */
  status?: number | undefined;
  /** The body of that response: a string as it is, anything else as JSON. @default a short string */
  body?: unknown;
  /** Headers of that response. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** How many requests are hit. @default 1 */
  times?: number | undefined;
  /** Milliseconds before the response, by the server's clock; `Infinity` never responds. */
  delayMs?: number | undefined;
  /**
   * Closes the connection: before the body was read, after it was read, or when the request was
   * carried out and only the response is lost.
   */
  drop?: 'before-read' | 'after-read' | 'before-response' | undefined;
  /** Closes the connection after so many bytes of the response's body. */
  cutAfterBytes?: number | undefined;
  /** Sends so many bytes of the response's body, then nothing more. */
  stallAfterBytes?: number | undefined;
  /** Which requests are hit, decided before the body is read. @default all */
  match?: ((request: ReceivedRequest) => boolean) | undefined;
}

const FAULT = argumentShape(
  'option',
  '{ status: 500, times: 2 }',
  [
    'status',
    'body',
    'headers',
    'times',
    'delayMs',
    'drop',
    'cutAfterBytes',
    'stallAfterBytes',
    'match',
  ],
  { statusCode: 'status', code: 'status', count: 'times', delay: 'delayMs' },
);

const isWhole = (value: unknown, least: number): boolean =>
  Number.isInteger(value) && Number(value) >= least;

/** What the options of a fault must be, as the end of a sentence, and whether a value is that. */
const RULES: Readonly<Record<string, readonly [what: string, holds: (value: unknown) => boolean]>> =
  {
    status: ['a status from 200 to 599', (value) => isWhole(value, 200) && Number(value) < 600],
    headers: ['an object with strings', isRecord],
    times: ['a whole number from 1 up, or Infinity', (v) => v === Infinity || isWhole(v, 1)],
    delayMs: ['a number from 0 up', (value) => typeof value === 'number' && value >= 0],
    drop: [
      "'before-read', 'after-read' or 'before-response'",
      (value) => ['before-read', 'after-read', 'before-response'].some((each) => each === value),
    ],
    cutAfterBytes: ['a whole number from 0 up', (value) => isWhole(value, 0)],
    stallAfterBytes: ['a whole number from 0 up', (value) => isWhole(value, 0)],
    match: ['a function that receives a request', (value) => typeof value === 'function'],
  };

function checkFault(option: string, value: unknown): void {
  const [what, holds] = RULES[option] ?? [];
  if (holds === undefined || holds(value)) return;
  throw invalidArgument(option, `must be ${what}; ${shownValue(value)}`);
}

/** The faults still to come, first in, first out. */
export class Faults {
  #coming: { fault: ServerFault; left: number }[] = [];

  add(written: ServerFault): void {
    const fault = readArgument(written, 'fault', FAULT);
    for (const [option, value] of Object.entries(fault)) checkFault(option, value);
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
