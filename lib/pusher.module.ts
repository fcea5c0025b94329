import { ConfigurableModuleBuilder, type DynamicModule, Module } from '@nestjs/common';
import { PusherOptionsError } from './errors/pusher-options.error.js';
import type { EventSchemas } from './events/define-events.js';
import type { Optional } from './options/given-options.js';
import type { PusherModuleOptions } from './options/pusher-module-options.js';
import { DEFAULT_APP } from './options/pusher-options.js';
import { decoratorOptions } from './options/validation/decorator-options.js';
import { argumentShape, isRecord, whatWasGiven } from './protocol/arguments.js';
import { appModule } from './pusher-app.providers.js';
import { MODULE_OPTIONS } from './pusher.tokens.js';

/** Settings that shape the module itself, and so cannot come from a factory. */
export interface PusherModuleExtras {
  /** Name of the app, when an application has several; `@InjectPusher(name)` injects its service. */
  name?: string | undefined;
  /** Whether other modules can inject the service without importing this one. @default true */
  isGlobal?: boolean | undefined;
  /**
   * The events of the app, as `defineEvents` returns them. Unlike a list that a factory returns, it
   * also applies in tests that replace the options. @default those of the options
   */
  events?: EventSchemas | undefined;
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
    .setExtras<PusherModuleExtras>(
      { name: DEFAULT_APP, isGlobal: true, events: undefined },
      (definition, { name, isGlobal, events }) =>
        appModule(definition, { name: name ?? DEFAULT_APP, isGlobal: isGlobal ?? true, events }),
    )
    .build();

/** Where options that come later come from, and what the class or the factory for them needs. */
export type PusherModuleAsyncOptions = Optional<typeof ASYNC_OPTIONS_TYPE>;

/** Where options that come later can come from. */
const SOURCES = ['useFactory', 'useClass', 'useExisting'] as const;

const ASYNC_SHAPE = argumentShape(
  'option',
  '{ useFactory: () => ({ url: process.env.PUSHER_URL }) }',
  [...SOURCES, 'inject', 'imports', 'provideInjectionTokensFrom', 'name', 'isGlobal', 'events'],
  { factory: 'useFactory', global: 'isGlobal', injects: 'inject', useValue: 'useFactory' },
);

const EXTRAS = argumentShape('option', "{ name: 'eu' }", ['name', 'isGlobal']);

/** Registers a Pusher app. Register the module once per app, each further one with a `name`. */
@Module({})
export class PusherModule extends ConfigurableModuleClass {
  /**
   * Without an argument, the app and its server come from the environment (`PUSHER_URL` and others).
   * @throws PusherOptionsError when the options are not an object, or `name` or `isGlobal` is not valid;
   *   the other options are checked at start
   */
  static override forRoot(options: PusherModuleOptions & PusherModuleExtras = {}): DynamicModule {
    const given = options ?? {};
    if (!isRecord(given))
      throw new PusherOptionsError([
        `\`options\` must be an object such as { url: process.env.PUSHER_URL }; ${whatWasGiven(given)}.`,
      ]);
    const { name, isGlobal } = given;
    const extras = decoratorOptions('PusherModule.forRoot()', { name, isGlobal }, EXTRAS);
    return super.forRoot({ ...given, name: extras.name, isGlobal: extras.isGlobal });
  }

  /**
   * Like `forRoot`, with options from `useFactory` (and `inject`), `useClass` or `useExisting`.
   * @throws PusherOptionsError when it has none of these, or more than one, or an unknown name
   */
  static override forRootAsync(options: PusherModuleAsyncOptions): DynamicModule {
    const given = decoratorOptions('PusherModule.forRootAsync()', options, ASYNC_SHAPE);
    const sources = SOURCES.filter((source) => given[source] !== undefined);
    if (sources.length === 1) return super.forRootAsync(given);
    throw new PusherOptionsError(
      [
        `One of \`useFactory\`, \`useClass\` and \`useExisting\` must be given; ${sources.length} were. Example: ${ASYNC_SHAPE.example}.`,
      ],
      'Invalid options for PusherModule.forRootAsync()',
    );
  }
}
