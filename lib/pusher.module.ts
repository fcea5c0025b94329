import { ConfigurableModuleBuilder, type DynamicModule, Module } from '@nestjs/common';
import type { PusherModuleOptions } from './options/pusher-module-options.js';
import { DEFAULT_APP } from './options/pusher-options.js';
import { appModule } from './pusher-app.providers.js';
import { MODULE_OPTIONS } from './pusher.tokens.js';

/** Settings that shape the module itself, and so cannot come from a factory. */
export interface PusherModuleExtras {
  /** Name of the app, when an application has several; `@InjectPusher(name)` injects its service. */
  name?: string | undefined;
  /** Whether other modules can inject the service without importing this one. @default true */
  isGlobal?: boolean | undefined;
}

/** A class that creates the options, for `useClass` and `useExisting`. */
export interface PusherOptionsFactory {
  /** Called once, while the application starts. */
  createPusherOptions(): PusherModuleOptions | Promise<PusherModuleOptions>;
}

const { ConfigurableModuleClass, ASYNC_OPTIONS_TYPE } =
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

/** Registers a Pusher app. Register the module once per app, each further one with a `name`. */
@Module({})
export class PusherModule extends ConfigurableModuleClass {
  /** Without an argument, the app and its server come from the environment (`PUSHER_URL` and others). */
  static override forRoot(options: PusherModuleOptions & PusherModuleExtras = {}): DynamicModule {
    return super.forRoot(options ?? {});
  }

  /** Like `forRoot`, with options from `useFactory` (and `inject`), `useClass` or `useExisting`. */
  static override forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    return super.forRootAsync(options);
  }
}
