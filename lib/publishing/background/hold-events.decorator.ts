import { holdEvents } from './held-events.js';

/**
 * Holds what is emitted while the method runs. The events leave when it has succeeded, and are dropped
 * when it throws. Put it above the decorator that opens the transaction, so that the transaction is
 * committed first:
 *
 * ```ts
 * @HoldEvents()
 * @Transactional()
 * async pay(id: string) {
 *   await this.orders.update(id, { paid: true });
 *   this.pusher.emit(`private-orders.${id}`, 'order.paid', { id });
 * }
 * ```
 *
 * Works on any method of any class: plain, async, generators, and methods that return an Observable.
 * Not durable: what is held is lost when the process ends between commit and sending.
 */
export function HoldEvents(): MethodDecorator {
  return (_target, key, descriptor: PropertyDescriptor) => {
    const method: unknown = descriptor.value;
    if (typeof method !== 'function')
      throw new TypeError(`@HoldEvents() must be on a method; ${String(key)} is not one.`);
    const held = {
      [String(key)](this: unknown, ...args: unknown[]): unknown {
        return holdEvents(() => Reflect.apply(method, this, args) as unknown);
      },
    }[String(key)] as object;
    // What other decorators left on the method, such as those of Nest below this one, stays with it.
    for (const name of Reflect.getMetadataKeys(method) as unknown[])
      Reflect.defineMetadata(name, Reflect.getMetadata(name, method), held);
    Object.defineProperty(held, 'length', { value: method.length, configurable: true });
    descriptor.value = held;
  };
}
