import type { PusherModuleOptions } from '../../options/pusher-module-options.js';
import { DEFAULT_APP } from '../../options/pusher-options.js';
import { MODULE_OPTIONS, getPusherToken } from '../../pusher.tokens.js';
import { FakePusherService } from './fake-pusher.service.js';

/** The part of `TestingModuleBuilder` of `@nestjs/testing` that is used here. */
interface OverridingBuilder<Builder> {
  overrideProvider(token: unknown): { useValue(value: unknown): Builder };
}

/** What replaces an application's options in a test; a `PusherTestServer` has them. */
interface HasOptions {
  readonly options: PusherModuleOptions;
}

/**
 * Replaces an application's Pusher with a fake or a test server. The application's own options are
 * not read, so the test needs neither an account nor environment variables:
 * `await replacePusher(Test.createTestingModule({ imports: [AppModule] }), fake).compile()`.
 * @param name the app whose service the fake replaces; a server replaces the options of all apps
 */
export function replacePusher<Builder extends OverridingBuilder<Builder>>(
  builder: Builder,
  by: FakePusherService | HasOptions,
  name: string = DEFAULT_APP,
): Builder {
  const replaced = builder.overrideProvider(MODULE_OPTIONS).useValue(by.options);
  return by instanceof FakePusherService
    ? replaced.overrideProvider(getPusherToken(name)).useValue(by)
    : replaced;
}
