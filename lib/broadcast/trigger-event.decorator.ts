import { AsyncLocalStorage } from 'node:async_hooks';
import { Inject } from '@nestjs/common';
import { concat, defer, EMPTY, from, isObservable, type Observable } from 'rxjs';
import { ignoreElements, tap } from 'rxjs/operators';
import { markMethod } from '../discovery/method-discovery.js';
import { replaceMethod } from '../discovery/replace-method.js';
import { decoratorOptions } from '../options/validation/decorator-options.js';
import { argumentShape } from '../protocol/arguments.js';
import { isPromiseLike } from '../runtime/deadline.js';
import {
  DECLARED_EVENTS,
  type DeclaredEvents,
  TRIGGER_EVENT,
  type TriggerEventMark,
} from './declared-events.js';

type AnyMethod = (...args: never[]) => unknown;

/** What a method returns: the value of its promise, or the values of its Observable. */
type ResultOf<Method extends AnyMethod> =
  ReturnType<Method> extends Observable<infer Value> ? Value : Awaited<ReturnType<Method>>;

/** What is published when a method has succeeded. */
export interface TriggerEventOptions<
  Result,
  Args extends readonly unknown[],
  DataArgs extends readonly unknown[] = Args,
  WhenArgs extends readonly unknown[] = Args,
> {
  /** Name of the event. */
  event: string;
  /** The channel, or several; or a function of the method's result and arguments that returns them. */
  channels:
    string | readonly string[] | ((result: Result, ...args: Args) => string | readonly string[]);
  /** Returns what is sent. @default the method's result, all of it */
  data?: ((result: Result, ...args: DataArgs) => unknown) | undefined;
  /** Returns whether to publish. @default always */
  when?: ((result: Result, ...args: WhenArgs) => boolean) | undefined;
  /** Leave out the connection whose request is being handled; needs `socketIdHeader`. @default false */
  toOthers?: boolean | undefined;
  /** Name of the app. @default the app without a name */
  app?: string | undefined;
  /**
   * `'rescue'` emits: whatever fails is logged, and the method's result stays. `'throw'` waits until the
   * server has accepted the event, and makes the method reject when it has not; only for methods that
   * return a promise or an Observable. @default 'rescue'
   */
  onFailure?: 'rescue' | 'throw' | undefined;
}

/** Can be applied only to methods whose result and arguments the functions of the options accept. */
export type TriggerEventDecorator<Result, Lists extends readonly unknown[]> = <
  Method extends AnyMethod,
>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<Method> &
    ([Accepting<Result, Lists>] extends [
      (result: ResultOf<Method>, ...args: Parameters<Method>) => void,
    ]
      ? unknown
      : never),
) => void;

/** A function for each list of arguments; as a union, it fits only where all of them do. */
type Accepting<Result, Args> = Args extends readonly unknown[]
  ? (result: Result, ...args: Args) => void
  : never;

const OPTIONS = argumentShape(
  'option',
  "{ event: 'order.paid', channels: 'orders' }",
  ['event', 'channels', 'data', 'when', 'toOthers', 'app', 'onFailure'],
  { channel: 'channels', name: 'event', payload: 'data', with: 'data', if: 'when' },
);

/**
 * Publishes an event each time the method has succeeded: has returned, its promise has been fulfilled, or
 * its Observable is complete (with the last value; none when there was no value). Works on any method of
 * any provider or controller, above and below other decorators, several times on one method.
 *
 * ```ts
 * @TriggerEvent({
 *   event: 'message.created',
 *   channels: (message: Message) => `private-rooms.${message.roomId}`,
 *   data: ({ id, text }: Message) => ({ id, text }),
 * })
 * async create(roomId: string, text: string): Promise<Message> {}
 * ```
 *
 * `TriggerEvent<Messages['create']>({ … })` infers the parameters of the functions from the method.
 * @throws PusherOptionsError when an option is not valid
 */
export function TriggerEvent<
  Result,
  Args extends readonly unknown[],
  DataArgs extends readonly unknown[],
  WhenArgs extends readonly unknown[],
>(
  options: TriggerEventOptions<Result, Args, DataArgs, WhenArgs>,
): TriggerEventDecorator<Result, Args | DataArgs | WhenArgs>;
export function TriggerEvent<Method extends AnyMethod>(
  options: TriggerEventOptions<ResultOf<Method>, Parameters<Method>>,
): TriggerEventDecorator<ResultOf<Method>, Parameters<Method>>;
export function TriggerEvent(options: TriggerEventOptions<never, never[]>): MethodDecorator {
  const given = decoratorOptions('@TriggerEvent()', options, OPTIONS, ['event', 'channels']);
  const declaration = { ...given, names: { channels: 'channels', data: 'data' } };
  return (target, key, descriptor: PropertyDescriptor) => {
    if (typeof target === 'function')
      throw new TypeError(
        `@TriggerEvent() cannot be on a static method such as ${String(key)}: Nest knows the objects of a class only.`,
      );
    // Copied for each method: the mark also remembers what publishes for it.
    const mark: TriggerEventMark = { ...(declaration as TriggerEventMark) };
    const publisherOf = injectPublisher(target, key, mark);
    replaceMethod(
      '@TriggerEvent()',
      key,
      descriptor,
      (method) =>
        function triggering(this: unknown, ...args) {
          const result = Reflect.apply(method, this, args);
          const publisher = publisherOf(this);
          return publisher === undefined ? result : publishAfter(publisher, mark, result, args);
        },
    );
    markMethod(TRIGGER_EVENT, mark, descriptor.value as object);
  };
}

/**
 * Has Nest inject the publisher into every object of the class, also into those of one request. It is
 * kept beside the object, which looks the same as without the decorator. An object that Nest has not
 * created uses the publisher of the running application that provides its class; without one, it
 * publishes nothing.
 */
function injectPublisher(
  target: object,
  key: string | symbol,
  mark: TriggerEventMark,
): (owner: unknown) => DeclaredEvents | undefined {
  const publishers = new WeakMap<object, DeclaredEvents>();
  // Nest shows it when nothing provides the publisher.
  const property = Symbol(
    `@TriggerEvent() of ${target.constructor.name}.${String(key)}, which needs PusherModule.forRoot() in the root module`,
  );
  Object.defineProperty(target, property, {
    configurable: true,
    set(this: object, publisher: DeclaredEvents) {
      publishers.set(this, publisher);
    },
  });
  Inject(DECLARED_EVENTS)(target, property);
  return (owner) => publishers.get(owner as object) ?? mark.publisher;
}

function publishAfter(
  publisher: DeclaredEvents,
  mark: TriggerEventMark,
  result: unknown,
  args: readonly unknown[],
): unknown {
  if (isObservable(result)) return afterLast(publisher, mark, result, args);
  const settle = settleWith(publisher, mark, args);
  if (isPromiseLike(result)) return result.then(settle);
  return settle(result);
}

/** Publishes and returns the value: itself, or its promise where the server's response is awaited. */
function settleWith(publisher: DeclaredEvents, mark: TriggerEventMark, args: readonly unknown[]) {
  return (value: unknown): unknown => {
    if (mark.onFailure === 'throw') return publisher.trigger(mark, value, args).then(() => value);
    publisher.emit(mark, value, args);
    return value;
  };
}

function afterLast(
  publisher: DeclaredEvents,
  mark: TriggerEventMark,
  source: Observable<unknown>,
  args: readonly unknown[],
): Observable<unknown> {
  return defer(() => {
    // It may complete in a timer or a socket that knows nothing of the request.
    const inContext = AsyncLocalStorage.snapshot();
    let last: { value: unknown } | undefined;
    const remember = tap((value: unknown) => {
      last = { value };
    });
    const publishLast = defer(() =>
      last === undefined ? EMPTY : inContext(published, publisher, mark, last.value, args),
    );
    return concat(source.pipe(remember), publishLast);
  });
}

/** Publishes the value, and completes: at once, or when the server has accepted the event. */
function published(
  publisher: DeclaredEvents,
  mark: TriggerEventMark,
  value: unknown,
  args: readonly unknown[],
): Observable<never> {
  if (mark.onFailure === 'throw')
    return from(publisher.trigger(mark, value, args)).pipe(ignoreElements());
  publisher.emit(mark, value, args);
  return EMPTY;
}
