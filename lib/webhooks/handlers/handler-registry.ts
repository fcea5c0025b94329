import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { LineLogger } from '../../errors/line-logger.js';
import {
  type DiscoveredMethod,
  markMethod,
  MethodDiscovery,
} from '../../discovery/method-discovery.js';
import { PusherOptionsError } from '../../errors/pusher-options.error.js';
import { AppRegistry } from '../../options/app-registry.js';
import { PatternFault } from '../../protocol/channel-pattern.js';
import { WEBHOOK_HANDLER, type WebhookHandlerMark } from './on-pusher-webhook.decorator.js';
import { WebhookHandler } from './webhook-handler.js';

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

  /** @throws PusherOptionsError when a channel pattern is not valid */
  onApplicationBootstrap(): void {
    const endpoints = this.methods.markedWith<WebhookEndpointMark>(WEBHOOK_ENDPOINT);
    this.#endpoints = new Set(endpoints.map(({ mark }) => mark.app));
    this.handlers = namedHandlers(this.methods.markedWith<WebhookHandlerMark>(WEBHOOK_HANDLER));
    for (const { id, apps } of this.handlers)
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

/** Ids are `Class.method`, numbered in the order of discovery where several are alike. */
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
