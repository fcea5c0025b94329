import {
  Controller,
  type ControllerOptions,
  InternalServerErrorException,
  Logger,
  type OnModuleDestroy,
  Post,
  Req,
  type Type,
} from '@nestjs/common';
import { PusherWebhook } from './pusher-webhook.decorator.js';
import type { PusherWebhookOptions } from './pusher-webhook-options.js';
import type { Webhook } from '../webhook.js';
import { WebhookDispatcher } from '../handlers/webhook-dispatcher.js';
import { WebhookEndpoint } from '../handlers/webhook-endpoint.decorator.js';

/** How the endpoint of webhooks is mounted. */
export interface PusherWebhookControllerOptions {
  /** Path of the endpoint, below the global prefix. @default 'pusher/webhooks' */
  path?: string | string[];
  /** Version of the endpoint, when the application has versioning. */
  version?: ControllerOptions['version'];
  /** Name of the one app whose webhooks are accepted. @default all registered apps */
  app?: string;
  /** A guard of the application that extends `PusherWebhookGuard`. @default PusherWebhookGuard */
  guard?: PusherWebhookOptions['guard'];
  /**
   * Whether the answer waits for the handlers. `'after'`: any failure is answered with 500, and
   * Pusher sends the webhook again; it waits 4 seconds for an answer. `'before'`: the answer goes out
   * first, a failure is only logged, and shutting down waits for the handlers. @default 'after'
   */
  acknowledge?: 'after' | 'before';
  /** Decorators for the class: guards, interceptors, throttling. The last one is applied first. */
  decorators?: ClassDecorator[];
}

/** Time in which Pusher wants its answer, in milliseconds (its support article on webhook timeouts). */
const PUSHER_WAITS_MS = 4000;

/**
 * Makes a controller whose endpoint verifies webhooks and gives their events to the methods marked
 * with `@OnPusherWebhook`. Each call makes a class of its own; list it in the `controllers` of a module.
 */
export function PusherWebhookController({
  path = 'pusher/webhooks',
  version,
  app,
  guard,
  acknowledge = 'after',
  decorators = [],
}: PusherWebhookControllerOptions = {}): Type<unknown> {
  const accepted = { ...(app !== undefined && { apps: [app] }), ...(guard && { guard }) };

  @Controller(version === undefined ? { path } : { path, version })
  class PusherWebhookEndpoint implements OnModuleDestroy {
    readonly #logger = new Logger('PusherWebhook');

    constructor(private readonly dispatcher: WebhookDispatcher) {}

    /** Early, while what the handlers work with is still there. */
    onModuleDestroy(): Promise<void> {
      return this.dispatcher.drain();
    }

    @WebhookEndpoint({ app })
    @Post()
    async receive(
      @PusherWebhook(accepted) webhook: Webhook,
      @Req() request: object,
    ): Promise<void> {
      if (acknowledge === 'before') {
        this.dispatcher.dispatchLater(webhook, request);
        return;
      }
      const { unfinished, elapsedMs } = await this.dispatcher.dispatch(webhook, request);
      if (elapsedMs > PUSHER_WAITS_MS)
        this.#logger.warn(
          `Webhook handlers took ${Math.round(elapsedMs)} ms, and Pusher waits ${PUSHER_WAITS_MS}. Make them faster, or answer first: PusherWebhookController({ acknowledge: 'before' }).`,
        );
      if (unfinished.length > 0)
        throw new InternalServerErrorException('Some handlers have not finished. Send it again.');
    }
  }

  // What counts requests by the name of the class, as the throttler does, counts for each app.
  Object.defineProperty(PusherWebhookEndpoint, 'name', {
    value: `PusherWebhookController_${app ?? 'all'}`,
  });
  for (const decorate of decorators.toReversed()) decorate(PusherWebhookEndpoint);
  return PusherWebhookEndpoint;
}
