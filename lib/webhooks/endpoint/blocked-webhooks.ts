import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { APP_GUARD, type DiscoveryService, HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { MethodDiscovery } from '../../discovery/method-discovery.js';
import { LineLogger } from '../../errors/line-logger.js';
import { AppRegistry } from '../../options/app-registry.js';
import { quoted } from '../../protocol/names.js';
import { WEBHOOK_ENDPOINT, type WebhookEndpointMark } from '../handlers/handler-registry.js';
import { PusherWebhookGuard } from './pusher-webhook.guard.js';
import { receiptOf } from './receipt.js';

type Provider = ReturnType<DiscoveryService['getProviders']>[number];

/** The first status that does not accept a webhook. */
const REDIRECT = 300;

/** Why a webhook does not reach its endpoint, and what to do, by status. */
const CAUSES: Readonly<Record<number, readonly [cause: string, remedy: string]>> = {
  404: [
    ': there is no endpoint for this host, path and version',
    'Correct the URL in the settings of the app: it contains the global prefix and the version. Or correct `path`, `host` and `version` of PusherWebhookController; with `version: VERSION_NEUTRAL` it needs none.',
  ],
  413: [
    ': the body is longer than the application accepts',
    "Raise the limit: app.useBodyParser('json', { limit: '1mb' }) on Express, new FastifyAdapter({ bodyLimit: 1_048_576 }) on Fastify.",
  ],
};
const REDIRECTED = [
  ', by a redirection. Webhooks must be accepted where they are sent',
  'Write the URL that it redirects to into the settings of the app, or exempt the path from the redirection.',
] as const;
const REFUSED = [
  ', by a global guard or middleware',
  'Exempt the endpoint, for example with the decorator that the guard looks for: PusherWebhookController({ decorators: [Public()] }).',
] as const;

/**
 * Warns of what keeps webhooks from their endpoint. Global guards run before a webhook can be
 * verified, and refuse it: Pusher has no user and no token. Those of `APP_GUARD` are found at start;
 * those of `app.useGlobalGuards`, middleware, limits and wrong paths can only be noticed with the
 * first webhook.
 */
@Injectable()
export class BlockedWebhooks implements OnApplicationBootstrap {
  readonly #log = new LineLogger('PusherWebhook');
  /** Statuses that have been reported. */
  readonly #reported = new Set<number>();

  constructor(
    private readonly modules: ModulesContainer,
    private readonly methods: MethodDiscovery,
    private readonly apps: AppRegistry,
    private readonly host: HttpAdapterHost,
  ) {}

  /** Looks for global guards; Nest calls it. */
  onApplicationBootstrap(): void {
    // A worker or a script receives no webhooks.
    if (!this.host.httpAdapter) return;
    const endpoints = this.methods.markedWith<WebhookEndpointMark>(WEBHOOK_ENDPOINT);
    if (endpoints.length === 0) return;
    if (endpoints.some(({ mark }) => !mark.hasDecorators)) this.#warnOfGuards();
    const server = this.host.httpAdapter.getHttpServer() as Partial<Server> | undefined;
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
    if (key === undefined || !this.#isKnown(key)) return;
    response.on('finish', () => {
      const { statusCode } = response;
      if (statusCode < REDIRECT || receiptOf(request).isReceived) return;
      if (this.#reported.has(statusCode)) return;
      this.#reported.add(statusCode);
      const [path = ''] = (request.url ?? '').split('?', 1);
      const [cause, remedy] = CAUSES[statusCode] ?? (statusCode < 400 ? REDIRECTED : REFUSED);
      this.#log.warn(
        `A webhook to ${quoted(path)} was refused with ${statusCode} before PusherWebhookGuard could verify it${cause}. ${remedy} This is logged once.`,
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
