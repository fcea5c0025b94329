import type { EventSchemas, OutputOf, SchemaIssue } from '../events/define-events.js';
import { refuseUnknown } from './unknown-options.js';

/** The part of a channel of `pusher-js` that is used here. */
export interface PusherChannel {
  /** Name of the channel. */
  readonly name: string;
  /** Calls a handler with the data of each event of this name. */
  bind(event: string, callback: (data: never) => void): unknown;
  /** Removes a handler. */
  unbind(event: string, callback: (data: never) => void): unknown;
  /** Sends a client event, and returns whether it was sent. */
  trigger(event: string, data: unknown): boolean;
}

/** How payloads are checked. */
export interface TypedChannelOptions {
  /**
   * Check payloads against their schemas when they arrive. Meant for development:
   * `check: import.meta.env.DEV` in Vite, `check: process.env.NODE_ENV !== 'production'` elsewhere. What
   * arrives is the output of the schema, so leave it off for schemas that transform.
   * @default false
   */
  check?: boolean | undefined;
  /**
   * Called with a payload that does not fit its schema, in place of the handler.
   * @default writes to `console.error`
   */
  onInvalid?: ((invalid: InvalidPayload) => void) | undefined;
}

/** A payload that does not fit the schema of its event. */
export interface InvalidPayload {
  /** Name of the channel. */
  channel: string;
  /** Name of the event. */
  event: string;
  /** What is wrong, and where, in the schema's own words. */
  issues: readonly SchemaIssue[];
}

/** A channel whose handlers know the payloads of its events. */
export interface TypedChannel<Events> {
  /** Name of the channel. */
  readonly name: string;
  /** Calls the handler for each event of that name. Returns a function that stops it. */
  bind<Name extends keyof Events & string>(
    this: void,
    event: Name,
    handler: (data: Events[Name]) => void,
  ): () => void;
  /** Sends a client event; its name starts with `client-`. Returns whether it was sent. */
  trigger<Name extends keyof Events & `client-${string}`>(event: Name, data: Events[Name]): boolean;
}

/**
 * A channel of `pusher-js` with the types of your events.
 *
 * ```ts
 * const room = typedChannel(events, pusher.subscribe('private-rooms.7'));
 * const stop = room.bind('message.created', (message) => show(message.id));
 * ```
 */
export function typedChannel<Events extends EventSchemas>(
  events: Events,
  channel: PusherChannel,
  options: TypedChannelOptions = {},
): TypedChannel<{ -readonly [Name in keyof Events]: OutputOf<Events[Name]> }> {
  const {
    check,
    onInvalid = (invalid) => console.error('Invalid payload', invalid),
    ...rest
  } = options;
  refuseUnknown(rest);
  return {
    name: channel.name,
    bind(event, handler) {
      const callback = (data: Parameters<typeof handler>[0]): void => {
        const result = check && events[event]?.['~standard'].validate(data);
        const issues = (result as { issues?: readonly SchemaIssue[] } | undefined)?.issues;
        if (issues) onInvalid({ channel: channel.name, event, issues });
        else handler(data);
      };
      channel.bind(event, callback);
      return () => void channel.unbind(event, callback);
    },
    trigger: (event, data) => channel.trigger(event, data),
  };
}

/** The part of a channel of Laravel Echo that is used here. */
export interface EchoChannel {
  /** Calls a handler with the data of each event of this name. */
  listen(event: string, callback: (data: never) => void): unknown;
  /** Removes one handler, or all. */
  stopListening(event: string, callback?: (data: never) => void): unknown;
  /** Name of the channel. */
  readonly name?: string;
}

/**
 * A channel of Laravel Echo with the types of your events.
 *
 * ```ts
 * const room = typedEcho(events, echo.private('rooms.7'));
 * room.bind('message.created', (message) => show(message.id));
 * ```
 */
export function typedEcho<Events extends EventSchemas>(
  events: Events,
  channel: EchoChannel,
  options?: TypedChannelOptions,
): Pick<
  TypedChannel<{ -readonly [Name in keyof Events]: OutputOf<Events[Name]> }>,
  'name' | 'bind'
> {
  // Without the dot Echo puts its namespace before the name. It has no trigger.
  return typedChannel(
    events,
    {
      name: channel.name ?? '',
      bind: (event, callback) => channel.listen(`.${event}`, callback),
      unbind: (event, callback) => channel.stopListening(`.${event}`, callback),
    } as PusherChannel,
    options,
  );
}
