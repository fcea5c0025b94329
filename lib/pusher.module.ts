import { type DynamicModule, Module } from '@nestjs/common';
import type { PusherModuleOptions } from './options/pusher-module-options.js';
import {
  type ASYNC_OPTIONS_TYPE,
  ConfigurableModuleClass,
  type PusherModuleExtras,
} from './pusher.module-definition.js';

/** A class that makes the options, for `useClass` and `useExisting`. */
export interface PusherOptionsFactory {
  /** Called once, while the application starts. */
  createPusherOptions(): PusherModuleOptions | Promise<PusherModuleOptions>;
}

/** Registers a Pusher app. Register the module once per app, each further one with a `name`. */
@Module({})
export class PusherModule extends ConfigurableModuleClass {
  /** Without an argument, app and address come from the environment (`PUSHER_URL` and others). */
  static override forRoot(options: PusherModuleOptions & PusherModuleExtras = {}): DynamicModule {
    return super.forRoot(options);
  }

  /** As `forRoot`, with options from `useFactory` (and `inject`), `useClass` or `useExisting`. */
  static override forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    return super.forRootAsync(options);
  }
}
