import { AsyncLocalStorage } from 'node:async_hooks';
import { from, isObservable, Observable } from 'rxjs';
import { tap } from 'rxjs/operators';
import { PusherConnectionError } from '../../errors/pusher-connection.error.js';
import { PusherValidationError } from '../../errors/pusher-validation.error.js';
import { typeName } from '../../protocol/arguments.js';
import { isPromiseLike } from '../../runtime/deadline.js';
import type { EncodedEvent } from '../event-publisher.js';

/** What sends held events, or forgets them. */
export interface HeldEventTarget {
  /** Sends one event; never throws. */
  send(event: EncodedEvent): void;
  /** Counts events that are held (more) or no longer are (less). */
  countHeld(change: number): void;
  /** Reports an event that was emitted for work that had already failed. */
  dropLate(event: EncodedEvent): void;
}

/** Events that one piece of work may hold: each keeps its payload in memory. */
const MAX_HELD = 10_000;

/** The events of one piece of work, until it has succeeded or failed. */
class Frame {
  #state: 'open' | 'succeeded' | 'failed' = 'open';
  #events: { readonly target: HeldEventTarget; readonly event: EncodedEvent }[] = [];

  constructor(private readonly outer: Frame | undefined) {}

  /** @throws PusherConnectionError PUSHER_NOT_SENT when the work holds too many events */
  add(target: HeldEventTarget, event: EncodedEvent): void {
    if (this.#state === 'failed') return target.dropLate(event);
    if (this.#state === 'succeeded') return this.#passOn(target, event);
    if (this.#events.length >= MAX_HELD) throw tooMany();
    this.#events.push({ target, event });
    target.countHeld(1);
  }

  /** Passes the events to the work around this one, or sends them. */
  succeed(): void {
    for (const { target, event } of this.#end('succeeded')) this.#passOn(target, event);
  }

  fail(): void {
    this.#end('failed');
  }

  #end(state: 'succeeded' | 'failed') {
    if (this.#state !== 'open') return [];
    const events = this.#events;
    this.#state = state;
    this.#events = [];
    for (const { target } of events) target.countHeld(-1);
    return events;
  }

  #passOn(target: HeldEventTarget, event: EncodedEvent): void {
    if (this.outer === undefined) target.send(event);
    else this.outer.add(target, event);
  }
}

const frames = new AsyncLocalStorage<Frame>();

/** Holds the event when the current work holds events; returns whether it did. */
export function holdEvent(target: HeldEventTarget, event: EncodedEvent): boolean {
  const frame = frames.getStore();
  frame?.add(target, event);
  return frame !== undefined;
}

/**
 * Runs the work and holds what is emitted in it: the events leave when the work has succeeded, and are
 * dropped when it throws. Promises, Observables and generators have succeeded when they are complete.
 * @throws PusherValidationError when the work is not a function
 */
export function holdEvents<Result>(work: () => Result): Result {
  if (typeof work !== 'function')
    throw new PusherValidationError(
      'work',
      `\`work\` must be a function; ${typeName(work)} was given. Pass what has to run: holdEvents(() => pay(order)).`,
    );
  const frame = new Frame(frames.getStore());
  try {
    return settleWith(frame, frames.run(frame, work)) as Result;
  } catch (error) {
    frame.fail();
    throw error;
  }
}

function settleWith(frame: Frame, result: unknown): unknown {
  if (isPromiseLike(result)) return settlePromise(frame, result);
  if (isObservable(result)) return settleObservable(frame, result);
  if (isGenerator(result)) return settleGenerator(frame, result);
  frame.succeed();
  return result;
}

/** The queries of some libraries are promises whose work begins at `then`: it belongs to the same frame. */
async function settlePromise(frame: Frame, result: PromiseLike<unknown>): Promise<unknown> {
  try {
    const value = await frames.run(
      frame,
      () => new Promise((resolve, reject) => void result.then(resolve, reject)),
    );
    frame.succeed();
    return value;
  } catch (error) {
    frame.fail();
    throw error;
  }
}

/** Its work begins when it is subscribed to, and belongs to the same frame. */
function settleObservable(frame: Frame, result: Observable<unknown>): Observable<unknown> {
  const settle = tap<unknown>({ error: () => frame.fail(), complete: () => frame.succeed() });
  return new Observable((subscriber) => {
    frames.run(frame, () => from(result).pipe(settle).subscribe(subscriber));
    // Whoever unsubscribes has what was wanted; nothing has failed.
    return () => frame.succeed();
  });
}

type AnyGenerator =
  Generator<unknown, unknown, unknown> | AsyncGenerator<unknown, unknown, unknown>;
type Step = 'next' | 'return' | 'throw';

/** Each step runs within the frame; the last one ends it. */
function settleGenerator(frame: Frame, result: AnyGenerator): AnyGenerator {
  const ended = (step: IteratorResult<unknown>): IteratorResult<unknown> => {
    if (step.done === true) frame.succeed();
    return step;
  };
  const failed = (error: unknown): never => {
    frame.fail();
    throw error;
  };
  const run = (name: Step, value: unknown) => {
    let step: IteratorResult<unknown> | Promise<IteratorResult<unknown>>;
    try {
      step = frames.run(frame, () => result[name](value) as typeof step);
    } catch (error) {
      return failed(error);
    }
    return isPromiseLike(step) ? step.then(ended, failed) : ended(step);
  };
  return new Proxy(result, {
    get(target, key) {
      if (key === 'next' || key === 'return' || key === 'throw')
        return (value: unknown) => run(key, value);
      if (key === Symbol.iterator || key === Symbol.asyncIterator)
        return function self(this: unknown): unknown {
          return this;
        };
      return Reflect.get(target, key) as unknown;
    },
  });
}

function isGenerator(value: unknown): value is AnyGenerator {
  const tag = Object.prototype.toString.call(value);
  return tag === '[object Generator]' || tag === '[object AsyncGenerator]';
}

function tooMany(): PusherConnectionError {
  return new PusherConnectionError(
    'PUSHER_NOT_SENT',
    `The event was not sent: ${MAX_HELD} events are already held by the work that emits it. Emit fewer within @HoldEvents() or holdEvents(), or split the work.`,
    { method: 'POST', path: '/events', attempts: 0 },
    false,
  );
}
