import {
  type DynamicModule,
  type FactoryProvider,
  type Provider,
  Scope,
  type ValueProvider,
} from '@nestjs/common';
import { AppConnection } from './app-connection.js';
import { EventServices } from './broadcast/event-declaration.js';
import type { EventSchemas } from './events/define-events.js';
import { hostAndPort } from './options/address/endpoint.js';
import { AppRegistry } from './options/app-registry.js';
import type { PusherModuleOptions } from './options/pusher-module-options.js';
import type { PusherOptions } from './options/pusher-options.js';
import { isRecord } from './protocol/arguments.js';
import { PusherCoreModule } from './pusher-core.module.js';
import { PusherService } from './pusher.service.js';
import {
  MODULE_OPTIONS,
  connectionToken,
  getPusherToken,
  httpToken,
  optionsToken,
} from './pusher.tokens.js';
import { Clock } from './runtime/clock.js';
import { RandomSource } from './runtime/random.js';
import { Secret } from './runtime/secret.js';
import { AppShutdown } from './shutdown.js';

/** As the module provides them, or as a test has replaced them. */
type WrittenOptions = Secret<PusherModuleOptions> | PusherModuleOptions;

/** What shapes the module of an app. A test that replaces the options does not replace it. */
interface AppShape {
  readonly name: string;
  readonly isGlobal: boolean;
  readonly events: EventSchemas | undefined;
}

/** Adds the providers of one app to the definition of its module. */
export function appModule(
  definition: DynamicModule,
  { name, isGlobal, events }: AppShape,
): DynamicModule {
  const [options, connection] = [optionsToken(name), connectionToken(name)];
  const [service, http] = [getPusherToken(name), httpToken(name)];
  return {
    ...definition,
    global: isGlobal,
    imports: [...(definition.imports ?? []), PusherCoreModule],
    providers: [
      ...(definition.providers ?? []).map(withoutSecrets),
      {
        provide: options,
        inject: [MODULE_OPTIONS, AppRegistry],
        useFactory: async (written: WrittenOptions, apps: AppRegistry) => {
          // Loaded here and not above, because class-validator comes with it.
          const { resolveOptions } = await import('./options/resolve-options.js');
          const withList = withEvents(revealed(written), events);
          return apps.add(resolveOptions(withList, process.env, name));
        },
      },
      {
        provide: connection,
        inject: [options, Clock, RandomSource, AppShutdown],
        useFactory: (
          resolved: PusherOptions,
          clock: Clock,
          random: RandomSource,
          shutdown: AppShutdown,
        ) => AppConnection.create(resolved, clock, random, shutdown),
      },
      {
        provide: http,
        // Nest creates a transient provider only where it is injected: others need no axios.
        scope: Scope.TRANSIENT,
        inject: [connection],
        useFactory: (from: AppConnection) => from.httpService(),
      },
      {
        provide: service,
        inject: [options, connection, Clock, RandomSource, EventServices],
        useFactory: (
          resolved: PusherOptions,
          connected: AppConnection,
          clock: Clock,
          random: RandomSource,
          services: EventServices,
        ) =>
          new PusherService({
            options: resolved,
            api: connected.api,
            publisher: connected.publisher,
            background: connected.background,
            metrics: () => connected.metrics(),
            clock,
            random,
            services,
            host: hostAndPort(resolved.endpoint.origin),
          }),
      },
    ],
    exports: [...(definition.exports ?? []), service, http],
  };
}

/**
 * The provider of the written options, which have the secret in plain sight: Nest keeps what it
 * provides, and dynamic modules are printed by tools that draw the graph of an application.
 */
function withoutSecrets(provider: Provider): Provider {
  if (!('provide' in provider) || provider.provide !== MODULE_OPTIONS) return provider;
  if ('useValue' in provider) {
    const { useValue } = provider as ValueProvider<PusherModuleOptions>;
    return { ...provider, useValue: new Secret(useValue) };
  }
  const { useFactory, ...rest } = provider as FactoryProvider<PusherModuleOptions>;
  return {
    ...rest,
    useFactory: async (...args: unknown[]) => new Secret(await useFactory(...args)),
  };
}

/** The options, with the events of the module where they have no list of their own. */
function withEvents(
  options: PusherModuleOptions,
  events: EventSchemas | undefined,
): PusherModuleOptions {
  const hasOwn = !isRecord(options) || (options.events ?? undefined) !== undefined;
  return events === undefined || hasOwn ? options : { ...options, events };
}

function revealed(written: WrittenOptions): PusherModuleOptions {
  return written instanceof Secret ? written.reveal() : written;
}
