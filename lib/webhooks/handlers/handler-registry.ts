import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { type DiscoveredMethod, MethodDiscovery } from '../../discovery/method-discovery.js';
import { PusherOptionsError } from '../../errors/pusher-options.error.js';
import { AppRegistry } from '../../options/app-registry.js';
import { PatternFault } from '../../protocol/channel-pattern.js';
import { WEBHOOK_ENDPOINT, type WebhookEndpointMark } from './webhook-endpoint.decorator.js';
import { WebhookHandler } from './webhook-handler.js';
import { WEBHOOK_HANDLER, type WebhookHandlerMark } from './webhook-subscription.js';

/** Knows the handlers of the application and the endpoints that serve them. */
@Injectable()
export class WebhookHandlers implements OnApplicationBootstrap {
  readonly #logger = new Logger('PusherWebhook');
  /** The app of each mounted endpoint; `undefined` where it takes webhooks of all apps. */
  #endpoints: ReadonlySet<string | undefined> = new Set();
  #all: readonly WebhookHandler[] = [];

  constructor(
    private readonly methods: MethodDiscovery,
    private readonly apps: AppRegistry,
  ) {}

  get all(): readonly WebhookHandler[] {
    return this.#all;
  }

  /** @throws PusherOptionsError when a channel pattern is none */
  onApplicationBootstrap(): void {
    const endpoints = this.methods.markedWith<WebhookEndpointMark>(WEBHOOK_ENDPOINT);
    this.#endpoints = new Set(endpoints.map(({ mark }) => mark.app));
    this.#all = namedHandlers(this.methods.markedWith<WebhookHandlerMark>(WEBHOOK_HANDLER));
    for (const { id, apps } of this.#all)
      for (const app of apps) {
        const fault = this.#whyUnreachable(app);
        if (fault !== undefined)
          this.#logger.warn(`${id} will not be called for webhooks: ${fault}`);
      }
    for (const app of this.#endpoints)
      if (!this.#isRegistered(app))
        this.#logger.warn(
          `PusherWebhookController({ app: '${app}' }) refuses every webhook: ${noSuchApp(app)}`,
        );
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

/** Names are `Class.method`, numbered where several have the same, in the order of discovery. */
function namedHandlers(
  methods: readonly DiscoveredMethod<WebhookHandlerMark>[],
): readonly WebhookHandler[] {
  const seen = new Map<string, number>();
  const faults: string[] = [];
  const handlers = methods.flatMap((method) => {
    const name = `${method.className}.${method.methodName}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    try {
      return new WebhookHandler(count === 1 ? name : `${name}#${count}`, method);
    } catch (error) {
      if (!(error instanceof PatternFault)) throw error;
      faults.push(`@OnPusherWebhook of ${name}: the channel pattern ${error.message}.`);
      return [];
    }
  });
  if (faults.length > 0) throw new PusherOptionsError(faults);
  return handlers;
}
