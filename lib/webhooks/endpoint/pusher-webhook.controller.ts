import {
  type ControllerOptions,
  InternalServerErrorException,
  type OnModuleDestroy,
  Post,
  Req,
  type Type,
} from '@nestjs/common';
import { EndpointController } from '../../discovery/endpoint-controller.js';
import { decoratorOptions } from '../../options/validation/decorator-options.js';
import { argumentShape } from '../../protocol/arguments.js';
import { WebhookEndpoint } from '../handlers/handler-registry.js';
import { WebhookDispatcher } from '../handlers/webhook-dispatcher.js';
import type { Webhook } from '../webhook.js';
import { PusherWebhook } from './pusher-webhook.decorator.js';
import type { PusherWebhookOptions } from './pusher-webhook.guard.js';
import { verifiedWebhook } from './receipt.js';

/** How a webhook endpoint is mounted. */
export interface PusherWebhookControllerOptions {
  /** Path of the endpoint, after the global prefix. @default 'pusher/webhooks' */
  path?: string | string[] | undefined;
  /** Version of the endpoint, if the application uses versioning. */
  version?: ControllerOptions['version'] | undefined;
  /** Host that requests must be for, as in `@Controller({ host })`. @default any */
  host?: ControllerOptions['host'] | undefined;
  /** Name of the one app whose webhooks are accepted. @default all registered apps */
  app?: string | undefined;
  /** A guard of the application that extends `PusherWebhookGuard`. @default PusherWebhookGuard */
  guard?: PusherWebhookOptions['guard'] | undefined;
  /**
   * Whether the response is sent after or before the handlers run. `'after'`: any failure becomes a
   * 500, and Pusher sends the webhook again; it waits 4 seconds for a response. `'before'`: a failure
   * is only logged, and shutdown waits for the handlers. @default 'after'
   */
  acknowledge?: 'after' | 'before' | undefined;
  /** Decorators for the class: guards, interceptors, throttling. The last one in the list is applied first. */
  decorators?: ClassDecorator[] | undefined;
}

const OPTIONS = argumentShape(
  'option',
  "{ path: 'pusher/webhooks' }",
  ['path', 'version', 'host', 'app', 'guard', 'acknowledge', 'decorators'],
  { apps: 'app', name: 'app', url: 'path', ack: 'acknowledge', guards: 'decorators' },
);

/**
 * Creates a controller whose endpoint verifies webhooks and passes their events to the methods marked
 * with `@OnPusherWebhook`. Each call returns a new class; list it in the `controllers` of a module.
 */
export function PusherWebhookController(
  options: PusherWebhookControllerOptions = {},
): Type<unknown> {
  const {
    path = 'pusher/webhooks',
    version,
    host,
    app,
    guard,
    acknowledge = 'after',
    decorators = [],
  } = decoratorOptions('PusherWebhookController()', options, OPTIONS);
  const accepted = { ...(app !== undefined && { apps: [app] }), ...(guard && { guard }) };

  const name = `PusherWebhookController_${app ?? 'all'}`;

  @EndpointController({ name, path, version, host, decorators })
  class PusherWebhookEndpoint implements OnModuleDestroy {
    constructor(private readonly dispatcher: WebhookDispatcher) {}

    /** Early, while the providers that the handlers use still work. */
    onModuleDestroy(): Promise<void> {
      return this.dispatcher.drain();
    }

    @WebhookEndpoint({ app, hasDecorators: decorators.length > 0 })
    @Post()
    @PusherWebhook(accepted)
    async receive(@Req() request: object): Promise<void> {
      // Not injected, because the pipes of the application would change it.
      const webhook = verifiedWebhook(request) as Webhook;
      if (acknowledge === 'before') {
        this.dispatcher.dispatchLater(webhook, request);
        return;
      }
      const { unfinished } = await this.dispatcher.dispatch(webhook, request);
      if (unfinished.length > 0)
        throw new InternalServerErrorException(
          'Some handlers have not finished. Send the webhook again.',
        );
    }
  }

  return PusherWebhookEndpoint;
}
