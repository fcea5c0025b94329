import { type DynamicModule, Module } from '@nestjs/common';
import { EventServices } from '../../broadcast/event-declaration.js';
import { AppRegistry } from '../../options/app-registry.js';
import type { PusherModuleOptions } from '../../options/pusher-module-options.js';
import { DEFAULT_APP } from '../../options/pusher-options.js';
import { resolveOptions } from '../../options/resolve-options.js';
import { decoratorOptions } from '../../options/validation/decorator-options.js';
import { argumentShape } from '../../protocol/arguments.js';
import { PusherCoreModule } from '../../pusher-core.module.js';
import { getPusherToken } from '../../pusher.tokens.js';
import { FAKE_APP, FakePusherService } from './fake-pusher.service.js';

/** How a fake app is registered. */
export interface PusherTestingModuleOptions {
  /** Name of the app, as in `PusherModule.forRoot({ name })`. */
  name?: string | undefined;
  /** Options other than the defaults, such as limits or a master key; the app is an invented one. */
  options?: Omit<PusherModuleOptions, 'url'> | undefined;
}

const OPTIONS = argumentShape('option', '{ options: { limits: { maxDataBytes: 100 } } }', [
  'name',
  'options',
]);

/**
 * Takes the place of `PusherModule` in tests: it provides a `FakePusherService` under the token of
 * the real one. Channel rules and webhook handlers work as they do with the real module.
 */
@Module({})
export class PusherTestingModule {
  /** Registers a fake app for all modules to inject, as `PusherModule.forRoot` registers a real one. */
  static forRoot(written: PusherTestingModuleOptions = {}): DynamicModule {
    const { name = DEFAULT_APP, options = {} } = decoratorOptions(
      'PusherTestingModule.forRoot()',
      written,
      OPTIONS,
    );
    const app = { ...FAKE_APP, ...options };
    const token = getPusherToken(name);
    const fake = { provide: FakePusherService, useExisting: token };
    return {
      module: PusherTestingModule,
      global: true,
      imports: [PusherCoreModule],
      providers: [
        {
          provide: token,
          inject: [AppRegistry, EventServices],
          useFactory: (apps: AppRegistry, services: EventServices): FakePusherService => {
            apps.add(resolveOptions(app, {}, name));
            return new FakePusherService(app, services);
          },
        },
        ...(name === DEFAULT_APP ? [fake] : []),
      ],
      exports: [token, ...(name === DEFAULT_APP ? [FakePusherService] : [])],
    };
  }
}
