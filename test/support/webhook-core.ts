import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { MethodDiscovery } from '../../lib/discovery/method-discovery.js';
import { AppRegistry } from '../../lib/options/app-registry.js';
import type { PusherOptions } from '../../lib/options/pusher-options.js';
import { Clock, SystemClock } from '../../lib/runtime/clock.js';
import { WEBHOOK_PROVIDERS } from '../../lib/webhooks/webhook-providers.js';

/** The webhooks part of PusherModule alone, with apps and clock of the test. */
@Module({})
export class WebhookCoreModule {
  static with(apps: readonly PusherOptions[], clock: Clock = new SystemClock()): DynamicModule {
    const registry = new AppRegistry();
    for (const app of apps) registry.add(app);
    const providers = [
      { provide: AppRegistry, useValue: registry },
      { provide: Clock, useValue: clock },
      MethodDiscovery,
      ...WEBHOOK_PROVIDERS,
    ];
    return {
      module: WebhookCoreModule,
      global: true,
      imports: [DiscoveryModule],
      providers,
      exports: providers,
    };
  }
}
