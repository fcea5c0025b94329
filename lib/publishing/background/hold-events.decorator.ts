import { replaceMethod } from '../../discovery/replace-method.js';
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
  return (_target, key, descriptor: PropertyDescriptor) =>
    replaceMethod(
      '@HoldEvents()',
      key,
      descriptor,
      (method) =>
        function held(this: unknown, ...args) {
          return holdEvents(() => Reflect.apply(method, this, args));
        },
    );
}
