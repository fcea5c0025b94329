import type { Webhook } from '../webhook.js';

/** What the endpoint knows of a request. */
export interface Receipt {
  /** The bytes of the body where `FastifyBodies` has kept them from the parser. */
  keptBody?: Buffer;
  /** Whether the guard has received the request, and verified or refused it. */
  isReceived: boolean;
  /** What the guard has verified. */
  webhook?: Webhook;
}

/** A symbol, so no request can bring its own. */
const RECEIPT = Symbol.for('nestjs-pusher-channels:webhook-receipt');

/**
 * The receipt of the request, created if there is none. One property for everything: Express changes
 * the prototype of its requests, and each property that is added after that is expensive.
 */
export function receiptOf(request: object): Receipt {
  const owner: { [RECEIPT]?: Receipt } = requestOfNode(request);
  return (owner[RECEIPT] ??= { isReceived: false });
}

/** Fastify has it as `raw`; on Express the application may keep something else there, such as the body. */
function requestOfNode(request: object): object {
  const { raw } = request as { readonly raw?: unknown };
  return typeof raw === 'object' && raw !== null && 'headers' in raw ? raw : request;
}

/** The webhook that the guard verified for this request, `undefined` when no guard has run. */
export function verifiedWebhook(request: object): Webhook | undefined {
  return receiptOf(request).webhook;
}
