import { Global, Module, type NestModule } from '@nestjs/common';
import { DiscoveryModule, HttpAdapterHost, ModuleRef } from '@nestjs/core';
import { ChannelRules } from './auth/rules/channel-rules.js';
import { BroadcastBridge } from './broadcast/broadcast-bridge.js';
import { DECLARED_EVENTS, DeclaredEvents } from './broadcast/declared-events.js';
import { EventServices, unknownApp } from './broadcast/event-declaration.js';
import { PusherValidationError } from './errors/pusher-validation.error.js';
import { MethodDiscovery } from './discovery/method-discovery.js';
import { AppRegistry } from './options/app-registry.js';
import { getPusherToken } from './pusher.tokens.js';
import { RandomSource, SystemRandomSource } from './runtime/random.js';
import { Clock, SystemClock } from './runtime/clock.js';
import { AppShutdown } from './shutdown.js';
import { rememberSender } from './trigger/sender.js';
import { BlockedWebhooks } from './webhooks/endpoint/blocked-webhooks.js';
import { FastifyBodies } from './webhooks/endpoint/fastify-bodies.js';
import { DedupeRegistry } from './webhooks/dedupe/dedupe-registry.js';
import { WebhookHandlerRegistry } from './webhooks/handlers/handler-registry.js';
import { WebhookDispatcher } from './webhooks/handlers/webhook-dispatcher.js';
import { WebhookReceiver } from './webhooks/receive/webhook-receiver.js';

const PROVIDERS = [
  AppRegistry,
  AppShutdown,
  MethodDiscovery,
  { provide: Clock, useClass: SystemClock },
  { provide: RandomSource, useClass: SystemRandomSource },
  ChannelRules,
  WebhookReceiver,
  WebhookHandlerRegistry,
  DedupeRegistry,
  WebhookDispatcher,
  BlockedWebhooks,
  FastifyBodies,
  DeclaredEvents,
  BroadcastBridge,
  { provide: DECLARED_EVENTS, useExisting: DeclaredEvents },
  {
    provide: EventServices,
    inject: [ModuleRef, AppRegistry],
    useFactory: (moduleRef: ModuleRef, apps: AppRegistry): EventServices => ({
      of: (app) => {
        if (apps.find(app) === undefined) throw new PusherValidationError('app', unknownApp(app));
        return moduleRef.get(getPusherToken(app), { strict: false });
      },
    }),
  },
];

/**
 * What all apps of an application share. Every registration of `PusherModule` imports it; Nest
 * creates it once. Global, so that the controllers and guards of this library work in any module.
 */
@Global()
@Module({ imports: [DiscoveryModule], providers: PROVIDERS, exports: PROVIDERS })
export class PusherCoreModule implements NestModule {
  constructor(
    private readonly apps: AppRegistry,
    private readonly host: HttpAdapterHost,
  ) {}

  /**
   * Mounts middleware, but only where an app wants to know the sender of a request. Not with the
   * consumer of Nest, which leaves out what is served beside the global prefix, such as GraphQL.
   */
  configure(): void {
    const headers = this.apps.all().flatMap(({ socketIdHeader }) => socketIdHeader ?? []);
    if (headers.length > 0) this.host.httpAdapter.use(rememberSender(headers));
  }
}
