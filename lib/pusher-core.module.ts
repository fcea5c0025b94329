import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ChannelRules } from './auth/rules/channel-rules.js';
import { MethodDiscovery } from './discovery/method-discovery.js';
import { AppRegistry } from './options/app-registry.js';
import { RandomSource, SystemRandomSource } from './runtime/random.js';
import { Clock, SystemClock } from './runtime/clock.js';
import { WEBHOOK_PROVIDERS } from './webhooks/webhook-providers.js';

const PROVIDERS = [
  AppRegistry,
  MethodDiscovery,
  { provide: Clock, useClass: SystemClock },
  { provide: RandomSource, useClass: SystemRandomSource },
  ChannelRules,
  ...WEBHOOK_PROVIDERS,
];

/**
 * What all apps of an application share. Every registration of `PusherModule` imports it; Nest
 * creates it once. Global, so that the controllers and guards of this library work in any module.
 */
@Global()
@Module({ imports: [DiscoveryModule], providers: PROVIDERS, exports: PROVIDERS })
export class PusherCoreModule {}
