import { markMethod } from '../../discovery/method-discovery.js';

/** The key under which the mark is found. */
export const WEBHOOK_ENDPOINT = Symbol.for('nestjs-pusher-channels:webhook-endpoint');

/**
 * What a mounted endpoint leaves, so that the start can tell which handlers are served. A mark and
 * not a hook: Nest calls no hooks of a controller that a guard has made request-scoped.
 */
export interface WebhookEndpointMark {
  /** Name of the one app whose webhooks it takes, `undefined` for all. */
  readonly app: string | undefined;
}

/** @internal */
export function WebhookEndpoint(mark: WebhookEndpointMark): MethodDecorator {
  return (_target, _key, descriptor) =>
    markMethod(WEBHOOK_ENDPOINT, mark, descriptor.value as object);
}
