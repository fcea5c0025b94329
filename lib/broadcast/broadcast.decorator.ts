import { decoratorOptions } from '../options/validation/decorator-options.js';
import { argumentShape } from '../protocol/arguments.js';
import type { EventDeclaration } from './event-declaration.js';

/** The key under which classes keep their declarations. */
const BROADCAST = Symbol.for('nestjs-pusher-channels:broadcast');

/** How the objects of a class are published. */
export interface BroadcastOptions<Event> {
  /** Name of the event. */
  as: string;
  /** The channel, or several; or a function of the object that returns them. */
  on: string | readonly string[] | ((event: Event) => string | readonly string[]);
  /** Returns what is sent. Nothing of an object is sent unless it is named here. */
  with: (event: Event) => unknown;
  /** Returns whether to publish. @default always */
  when?: ((event: Event) => boolean) | undefined;
  /** Leave out the connection whose request is being handled; needs `socketIdHeader`. @default false */
  toOthers?: boolean | undefined;
  /** Name of the app. @default the app of the service that broadcasts; from a bus, the app without a name */
  app?: string | undefined;
}

/** Can be applied only to classes whose objects the functions of the options accept. */
export type BroadcastDecorator<Event> = (target: { readonly prototype: Event }) => void;

const OPTIONS = argumentShape(
  'option',
  "{ as: 'order.paid', on: 'orders', with: (order) => ({ id: order.id }) }",
  ['as', 'on', 'with', 'when', 'toOthers', 'app'],
  {
    event: 'as',
    name: 'as',
    channel: 'on',
    channels: 'on',
    data: 'with',
    payload: 'with',
    if: 'when',
  },
);

/**
 * Declares how the objects of a class are published: by `pusher.broadcast(object)`, and when they are
 * published on a bus that the module names in `broadcastFrom`. Subclasses inherit it unless they have
 * their own; several on one class publish several events.
 *
 * ```ts
 * @Broadcast<OrderShipped>({
 *   as: 'order.shipped',
 *   on: (event) => `private-orders.${event.id}`,
 *   with: (event) => ({ id: event.id }),
 * })
 * class OrderShipped {
 *   constructor(readonly id: string, readonly costPrice: number) {}
 * }
 * ```
 * @throws PusherOptionsError when an option is not valid
 */
export function Broadcast<Event extends object>(
  options: BroadcastOptions<Event>,
): BroadcastDecorator<Event> {
  const given = decoratorOptions('@Broadcast()', options, OPTIONS, ['as', 'on', 'with']);
  const { as: event, on: channels, with: data, ...others } = given;
  const declaration = { ...others, event, channels, data, names: { channels: 'on', data: 'with' } };
  return (target) => {
    const more = (Reflect.getOwnMetadata(BROADCAST, target) ?? []) as EventDeclaration[];
    Reflect.defineMetadata(BROADCAST, [declaration, ...more], target);
  };
}

/** How the class of the object is published; an empty list for anything else. */
export function broadcastsOf(event: unknown): readonly EventDeclaration[] {
  const owner = classOf(event);
  if (owner === undefined) return [];
  return (Reflect.getMetadata(BROADCAST, owner) ?? []) as EventDeclaration[];
}

/** The class of an object, whatever its own fields; `undefined` when it has none or cannot be read. */
export function classOf(event: unknown): ({ readonly name: string } & object) | undefined {
  if (typeof event !== 'object' || event === null) return undefined;
  try {
    const prototype = Object.getPrototypeOf(event) as { constructor?: unknown } | null;
    const owner = prototype?.constructor;
    return typeof owner === 'function' ? owner : undefined;
  } catch {
    return undefined;
  }
}
