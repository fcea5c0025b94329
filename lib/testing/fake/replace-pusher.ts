import type { AppConnection } from '../../app-connection.js';
import { createTransport } from '../../http/transport/create-transport.js';
import type { PusherModuleOptions } from '../../options/pusher-module-options.js';
import { DEFAULT_APP, type PusherOptions } from '../../options/pusher-options.js';
import { invalidArgument, isRecord, whatWasGiven } from '../../protocol/arguments.js';
import {
  MODULE_OPTIONS,
  connectionToken,
  getPusherToken,
  optionsToken,
} from '../../pusher.tokens.js';
import { FakePusherService } from './fake-pusher.service.js';

/** The part of `TestingModuleBuilder` of `@nestjs/testing` that is used here. */
interface OverridingBuilder<Builder> {
  overrideProvider(token: unknown): {
    useValue(value: unknown): Builder;
    useFactory(provider: {
      factory: (options: PusherOptions) => unknown;
      inject: symbol[];
    }): Builder;
  };
}

/** What replaces an application's options in a test; a `PusherTestServer` has them. */
interface HasOptions {
  readonly options: PusherModuleOptions;
}

/**
 * Replaces an application's Pusher with a fake or a test server. The application's own options are
 * not read, so the test needs neither an account nor environment variables; only the list of events that
 * `forRoot` or `forRootAsync` was given is kept, unless the fake or the server has another:
 * `await replacePusher(Test.createTestingModule({ imports: [AppModule] }), fake).compile()`.
 * @param name the app whose service the fake replaces; a server replaces the options of all apps
 * @throws PusherValidationError that names the argument
 */
export function replacePusher<Builder extends OverridingBuilder<Builder>>(
  builder: Builder,
  by: FakePusherService | HasOptions,
  name: string = DEFAULT_APP,
): Builder {
  if (typeof builder?.overrideProvider !== 'function')
    throw invalidArgument(
      'builder',
      `must be the builder that Test.createTestingModule() returns, before compile(); ${whatWasGiven(builder)}`,
    );
  if (!isRecord(by?.options))
    throw invalidArgument(
      'by',
      `must be a FakePusherService or a started PusherTestServer; ${whatWasGiven(by)}`,
    );
  const replaced = builder.overrideProvider(MODULE_OPTIONS).useValue(by.options);
  if (!(by instanceof FakePusherService)) return replaced;
  const inject = [optionsToken(name)];
  return replaced
    .overrideProvider(connectionToken(name))
    .useFactory({ factory: connectionOfNothing, inject })
    .overrideProvider(getPusherToken(name))
    .useFactory({ factory: ({ events }) => by.useEvents(events), inject });
}

/** A fake sends nothing. An `HttpService` is made only for an application that injects it. */
function connectionOfNothing(options: PusherOptions): Pick<AppConnection, 'httpService'> {
  return { httpService: async () => (await createTransport(options)).httpService() };
}
