import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { APP_GUARD, type DiscoveryService, HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { MethodDiscovery } from '../../discovery/method-discovery.js';
import { LineLogger } from '../../errors/line-logger.js';
import { AppRegistry } from '../../options/app-registry.js';
import { quoted } from '../../protocol/names.js';
import { WEBHOOK_ENDPOINT, type WebhookEndpointMark } from '../handlers/handler-registry.js';
import { PusherWebhookGuard, hasReceived } from './pusher-webhook.guard.js';

type Provider = ReturnType<DiscoveryService['getProviders']>[number];

/** What guards and rate limits respond with. */
const REFUSED: ReadonlySet<number> = new Set([401, 403, 429]);

/**
 * Warns of global guards, which run before a webhook can be verified, and refuse it: Pusher has no
 * user and no token. Those of `APP_GUARD` are found at start; those of `app.useGlobalGuards` and
 * middleware that refuses can only be noticed with the first webhook.
 */
@Injectable()
export class BlockedWebhooks implements OnApplicationBootstrap {
  readonly #log = new LineLogger('PusherWebhook');
  #isReported = false;

  constructor(
    private readonly modules: ModulesContainer,
    private readonly methods: MethodDiscovery,
    private readonly apps: AppRegistry,
    private readonly host: HttpAdapterHost,
  ) {}

  /** Looks for global guards; Nest calls it. */
  onApplicationBootstrap(): void {
    const endpoints = this.methods.markedWith<WebhookEndpointMark>(WEBHOOK_ENDPOINT);
    if (endpoints.length === 0) return;
    if (endpoints.some(({ mark }) => !mark.hasDecorators)) this.#warnOfGuards();
    const server = this.host.httpAdapter?.getHttpServer() as Partial<Server> | undefined;
    server?.on?.('request', (request, response) => this.#watch(request, response));
  }

  /** Nest keeps request-scoped guards of `APP_GUARD` among the injectables of a module. */
  #providers(): Provider[] {
    return [...this.modules.values()].flatMap(({ providers, injectables }) => [
      ...providers.values(),
      ...injectables.values(),
    ]);
  }

  #warnOfGuards(): void {
    for (const guard of this.#providers().filter(isGlobalGuard)) {
      const name = nameOf(guard);
      this.#log.warn(
        `The global guard ${name} runs before PusherWebhookController verifies a webhook. ${
          isThrottler(name)
            ? 'When it limits the rate, Pusher receives 429 and events are late or lost. Exempt the endpoint: PusherWebhookController({ decorators: [SkipThrottle()] }).'
            : 'Webhooks come without a user, so a guard that requires one refuses them all. Exempt the endpoint with the decorator that the guard looks for: PusherWebhookController({ decorators: [Public()] }).'
        } With \`decorators\`, this warning is not logged.`,
      );
    }
  }

  /** Notices a webhook that is refused before the guard of this library has received it. */
  #watch(request: IncomingMessage, response: ServerResponse): void {
    const key = request.headers['x-pusher-key'];
    if (key === undefined || this.#isReported || !this.#isKnown(key)) return;
    response.once('finish', () => {
      if (!REFUSED.has(response.statusCode) || hasReceived(request) || this.#isReported) return;
      this.#isReported = true;
      const [path = ''] = (request.url ?? '').split('?', 1);
      this.#log.warn(
        `A webhook to ${quoted(path)} was refused with ${response.statusCode} before PusherWebhookGuard could verify it, by a global guard or middleware. Exempt the endpoint, for example with the decorator that the guard looks for: PusherWebhookController({ decorators: [Public()] }). This is logged once.`,
      );
    });
  }

  #isKnown(key: string | string[]): boolean {
    return this.apps.all().some(({ credentials }) => credentials.key === key);
  }
}

function isGlobalGuard({ token, instance }: Provider): boolean {
  // Nest adds an id, so that there can be several.
  const isGlobal = typeof token === 'string' && token.startsWith(APP_GUARD);
  return isGlobal && !(instance instanceof PusherWebhookGuard);
}

/** The class of the guard. One that is request-scoped has only its prototype as an instance. */
function nameOf({ instance, inject }: Provider): string {
  const guard = instance as object | null | undefined;
  if (guard?.constructor !== undefined && guard.constructor !== Object)
    return guard.constructor.name;
  const [source] = inject ?? [];
  return typeof source === 'function' ? source.name : 'of APP_GUARD';
}

function isThrottler(name: string): boolean {
  return /throttl|rate_?limit/i.test(name);
}
