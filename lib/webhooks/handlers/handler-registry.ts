import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { LineLogger } from '../../errors/line-logger.js';
import { markMethod, MethodDiscovery } from '../../discovery/method-discovery.js';
import { PusherOptionsError } from '../../errors/pusher-options.error.js';
import { AppRegistry } from '../../options/app-registry.js';
import { PatternFault } from '../../protocol/channel-pattern.js';
import { WEBHOOK_HANDLER, type WebhookHandlerMark } from './on-pusher-webhook.decorator.js';
import { type CheckedSubscription, subscriptionFaults, whyNotSent } from './check-handlers.js';
import { Subscription, WebhookHandler } from './webhook-handler.js';

export const WEBHOOK_ENDPOINT = Symbol.for('nestjs-pusher-channels:webhook-endpoint');

/**
 * What a mounted endpoint leaves, so that the registry can check which handlers are served. A mark
 * and not a hook: Nest calls no hooks of a controller that a guard has made request-scoped.
 */
export interface WebhookEndpointMark {
  /** Name of the one app whose webhooks it accepts, `undefined` for all. */
  readonly app: string | undefined;
  /** Whether it was given decorators, which can exempt it from global guards. */
  readonly hasDecorators: boolean;
}

/** @internal */
export function WebhookEndpoint(mark: WebhookEndpointMark): MethodDecorator {
  return (_target, _key, descriptor) =>
    markMethod(WEBHOOK_ENDPOINT, mark, descriptor.value as object);
}

/** Finds the handlers of the application and checks that endpoints serve them. */
@Injectable()
export class WebhookHandlerRegistry implements OnApplicationBootstrap {
  readonly #logger = new LineLogger('PusherWebhook');
  /** The app of each mounted endpoint; `undefined` where it accepts webhooks of all apps. */
  #endpoints: ReadonlySet<string | undefined> = new Set();
  /** All handlers; empty until the application has started. */
  handlers: readonly WebhookHandler[] = [];

  constructor(
    private readonly methods: MethodDiscovery,
    private readonly apps: AppRegistry,
  ) {}

  /**
   * Finds the handlers; Nest calls it.
   * @throws PusherOptionsError which lists all handlers that can never be called
   */
  onApplicationBootstrap(): void {
    const endpoints = this.methods.markedWith<WebhookEndpointMark>(WEBHOOK_ENDPOINT);
    this.#endpoints = new Set(endpoints.map(({ mark }) => mark.app));
    this.handlers = this.#findHandlers();
    for (const handler of this.handlers)
      for (const subscription of handler.subscriptions) this.#report(handler.id, subscription);
    for (const app of this.#endpoints)
      if (!this.#isRegistered(app))
        this.#logger.warn(
          `PusherWebhookController({ app: '${app}' }) refuses every webhook: ${noSuchApp(app)}`,
        );
  }

  /** Ids are `Class.method`, numbered in the order of discovery where several are alike. */
  #findHandlers(): WebhookHandler[] {
    const seen = new Map<string, number>();
    const faults: string[] = [];
    const handlers = this.methods.markedWith<WebhookHandlerMark>(WEBHOOK_HANDLER).map((method) => {
      const name = `${method.className}.${method.methodName}`;
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      const subscriptions = method.mark.subscriptions.flatMap((written) => {
        try {
          const subscription = new Subscription(written);
          const found = [
            ...subscriptionFaults(this.#checked(subscription)),
            ...this.#eventListFaults(subscription),
          ];
          faults.push(...found.map((fault) => `${subscription.label} of ${name}: ${fault}`));
          return [subscription];
        } catch (error) {
          if (!(error instanceof PatternFault)) throw error;
          faults.push(`@OnPusherWebhook of ${name}: the channel pattern ${error.message}.`);
          return [];
        }
      });
      return new WebhookHandler(count === 1 ? name : `${name}#${count}`, subscriptions, method);
    });
    if (faults.length > 0) throw new PusherOptionsError(faults, 'Invalid webhook handlers');
    return handlers;
  }

  /** The method relies on the list, and only the app can check that events fit it. */
  #eventListFaults({ events, app }: Subscription): string[] {
    if (events === undefined) return [];
    const others = this.apps
      .all()
      .filter(({ name }) => app === undefined || app === name)
      .filter((registered) => registered.events !== events);
    return others.map(
      ({ name }) =>
        `its \`events\` are not those of the app "${name}", so payloads are not checked for it. Pass the same list to PusherModule.forRoot({ events })${app === undefined && this.apps.all().length > 1 ? ", or name the handler's app: { app }" : ''}.`,
    );
  }

  /** With the servers of the apps whose webhooks the handler receives. */
  #checked({ names, pattern, app }: Subscription): CheckedSubscription {
    const apps = this.apps.all().filter(({ name }) => app === undefined || app === name);
    return { names: [...names], pattern, servers: apps.map(({ server }) => server) };
  }

  #report(id: string, subscription: Subscription): void {
    const { label, app } = subscription;
    this.#logger.debug(`${label} of ${id}${app === undefined ? '' : `, for the app "${app}"`}`);
    const fault = this.#whyUnreachable(app) ?? whyNotSent(this.#checked(subscription));
    if (fault !== undefined) this.#logger.warn(`${id} will not be called for webhooks: ${fault}`);
  }

  #whyUnreachable(app: string | undefined): string | undefined {
    if (!this.#isRegistered(app)) return noSuchApp(app);
    const isServed =
      this.#endpoints.has(undefined) ||
      (app === undefined ? this.#endpoints.size > 0 : this.#endpoints.has(app));
    return isServed
      ? undefined
      : `no endpoint serves ${app === undefined ? 'it' : `the app "${app}"`}. Add PusherWebhookController() to the controllers of a module.`;
  }

  #isRegistered(app: string | undefined): boolean {
    return app === undefined || this.apps.find(app) !== undefined;
  }
}

function noSuchApp(app: string | undefined): string {
  return `no app is named "${app}". Register it with PusherModule.forRoot({ name: '${app}', … }), or correct the name.`;
}
