import { ConfigurableModuleBuilder } from '@nestjs/common';
import { DEFAULT_APP } from './options/pusher-options.js';
import type { PusherModuleOptions } from './options/pusher-module-options.js';
import { appModule } from './pusher-app.providers.js';
import { MODULE_OPTIONS } from './pusher.tokens.js';

/** What decides the shape of the module, and so cannot come from a factory. */
export interface PusherModuleExtras {
  /** Name of the app, when an application has several; its service comes with `@InjectPusher(name)`. */
  name?: string;
  /** Whether other modules can inject the service without importing this one. @default true */
  isGlobal?: boolean;
}

export const { ConfigurableModuleClass, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<PusherModuleOptions>({
    moduleName: 'Pusher',
    optionsInjectionToken: MODULE_OPTIONS,
  })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createPusherOptions')
    .setExtras<PusherModuleExtras>({ name: DEFAULT_APP, isGlobal: true }, (definition, extras) =>
      appModule(definition, extras.name ?? DEFAULT_APP, extras.isGlobal ?? true),
    )
    .build();
