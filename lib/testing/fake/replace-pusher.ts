import { DEFAULT_APP } from '../../options/pusher-options.js';
import { MODULE_OPTIONS, getPusherToken } from '../../pusher.module-tokens.js';
import { FAKE_APP } from './fake-app.js';
import type { FakePusherService } from './fake-pusher.service.js';

/** The part of `TestingModuleBuilder` of `@nestjs/testing` that is used here. */
interface OverridingBuilder<Builder> {
  overrideProvider(token: unknown): { useValue(value: unknown): Builder };
}

/**
 * Puts a fake in the place of an application's service, and options of an app that does not exist in
 * the place of its own, so that the test needs neither an account nor variables of the environment:
 * `replacePusher(Test.createTestingModule({ imports: [AppModule] }), fake).compile()`.
 */
export function replacePusher<Builder extends OverridingBuilder<Builder>>(
  builder: Builder,
  fake: FakePusherService,
  name: string = DEFAULT_APP,
): Builder {
  return builder
    .overrideProvider(MODULE_OPTIONS)
    .useValue(FAKE_APP)
    .overrideProvider(getPusherToken(name))
    .useValue(fake);
}
