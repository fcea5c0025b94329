import type { DynamicModule } from '@nestjs/common';
import { AppRegistry } from './options/app-registry.js';
import type { PusherModuleOptions } from './options/pusher-module-options.js';
import type { PusherOptions } from './options/pusher-options.js';
import { resolveOptions } from './options/resolve-options.js';
import { PusherCoreModule } from './pusher.module-core.js';
import { PusherLine } from './pusher.module-line.js';
import {
  MODULE_OPTIONS,
  getPusherToken,
  httpToken,
  lineToken,
  optionsToken,
} from './pusher.module-tokens.js';
import { PusherService } from './pusher.service.js';
import { Chance } from './runtime/chance.js';
import { Clock } from './runtime/clock.js';

/** Adds to the definition what one app consists of. */
export function appModule(definition: DynamicModule, name: string, global: boolean): DynamicModule {
  const [options, line] = [optionsToken(name), lineToken(name)];
  const [service, http] = [getPusherToken(name), httpToken(name)];
  return {
    ...definition,
    global,
    imports: [...(definition.imports ?? []), PusherCoreModule],
    providers: [
      ...(definition.providers ?? []),
      {
        provide: options,
        inject: [MODULE_OPTIONS, AppRegistry],
        useFactory: (written: PusherModuleOptions, apps: AppRegistry) =>
          apps.add(resolveOptions(written, process.env, name)),
      },
      {
        provide: line,
        inject: [options, Clock, Chance],
        useFactory: (resolved: PusherOptions, clock: Clock, chance: Chance) =>
          new PusherLine(resolved, clock, chance),
      },
      {
        provide: http,
        inject: [line],
        useFactory: ({ httpService }: PusherLine) => httpService,
      },
      {
        provide: service,
        inject: [options, line, Clock, Chance],
        useFactory: (
          resolved: PusherOptions,
          { api, publisher }: PusherLine,
          clock: Clock,
          chance: Chance,
        ) => new PusherService({ options: resolved, api, publisher, clock, chance }),
      },
    ],
    exports: [...(definition.exports ?? []), service, http],
  };
}
