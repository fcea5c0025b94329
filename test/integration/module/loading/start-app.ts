import { Injectable, Module, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  InjectPusherHttp,
  PusherModule,
  type PusherModuleOptions,
  PusherService,
} from '../../../../lib/index.js';
import { PusherTestServer } from '../../../../lib/testing/index.js';

@Injectable()
class Tracing {
  constructor(@InjectPusherHttp() readonly http: unknown) {}
}

/** Starts an application, triggers an event, and returns its name or the message of the error. */
async function outcomeOf(
  http: PusherModuleOptions['http'],
  providers: Provider[],
): Promise<string> {
  await using server = await PusherTestServer.start();
  @Module({ imports: [PusherModule.forRoot({ ...server.options, http })], providers })
  class AppModule {}
  try {
    const options = { logger: false, abortOnError: false } as const;
    const app = await NestFactory.createApplicationContext(AppModule, options);
    await app.get(PusherService).trigger('news', 'arrived', 1);
    await app.close();
    return server
      .published()
      .map(({ event }) => event)
      .join(' ');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const outcomes = {
  plain: await outcomeOf({}, []),
  injected: await outcomeOf({}, [Tracing]),
  configured: await outcomeOf({ axios: {} }, []),
};
console.log(JSON.stringify(outcomes));
