import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, type INestApplication, Injectable, Module, Post } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import {
  AbstractGraphQLDriver,
  type GqlModuleOptions,
  GraphQLModule,
  Mutation,
  Query,
  Resolver,
} from '@nestjs/graphql';
import { Test } from '@nestjs/testing';
import { graphql } from 'graphql';
import {
  PusherModule,
  type PusherModuleOptions,
  PusherService,
  SocketId,
} from '../../../lib/index.js';
import { PusherTestServer } from '../../../lib/testing/index.js';
import { ADAPTERS } from '../../support/nest/adapters.js';

const SOCKET_ID = '1234.5678';

@Controller()
class AnyController {
  @Post()
  handle(): void {}
}

@Resolver()
class OrdersResolver {
  constructor(private readonly pusher: PusherService) {}

  @Query(() => Boolean)
  neededByEverySchema(): boolean {
    return true;
  }

  @Mutation(() => Boolean)
  async toOthers(): Promise<boolean> {
    await this.pusher.trigger('orders', 'paid', {}, { toOthers: true });
    return true;
  }

  @Mutation(() => String, { nullable: true })
  injected(@SocketId() socketId?: string): string | undefined {
    return socketId;
  }
}

/** Serves the schema at `/graphql`, beside the global prefix, as Apollo does. */
@Injectable()
class HttpGraphQL extends AbstractGraphQLDriver {
  constructor(private readonly host: HttpAdapterHost) {
    super();
  }

  start({ schema }: GqlModuleOptions): Promise<void> {
    if (schema === undefined) throw new Error('The schema has not been built.');
    const { httpAdapter } = this.host;
    httpAdapter.post('/graphql', (req: { body: { query: string } }, res: object) => {
      void graphql({ schema, source: req.body.query, contextValue: { req } }).then((result) => {
        httpAdapter.reply(res, JSON.stringify(result), 200);
      });
    });
    return Promise.resolve();
  }

  async stop(): Promise<void> {}
}

describe.each(ADAPTERS)('an application on %s', (_adapter, createAdapter) => {
  let app: INestApplication | undefined;
  afterEach(() => app?.close());

  /** How many middlewares an application with these apps mounts, beside those that Nest needs. */
  async function mounted(...apps: PusherModuleOptions[]): Promise<number> {
    return (await allMounted(apps)) - (await allMounted([]));
  }

  async function allMounted(apps: PusherModuleOptions[]): Promise<number> {
    const imports = apps.map((options, at) =>
      PusherModule.forRoot({ ...options, delivery: 'off', ...(at > 0 && { name: `app-${at}` }) }),
    );

    @Module({ imports, controllers: [AnyController] })
    class AppModule {}

    const adapter = createAdapter();
    const mount = jest.spyOn(adapter, 'use');
    const built = await Test.createTestingModule({ imports: [AppModule] }).compile();
    const started = built.createNestApplication(adapter, { logger: false });
    await started.init();
    await started.close();
    return mount.mock.calls.length;
  }

  it('has no middleware of this library without socketIdHeader', async () => {
    expect(await mounted({}, {})).toBe(0);
  });

  it('has one middleware with socketIdHeader, however many apps have it', async () => {
    const header = { socketIdHeader: 'x-socket-id' };
    expect(await mounted(header)).toBe(1);
    expect(await mounted(header, {}, { socketIdHeader: 'x-other' })).toBe(1);
  });

  describe('with GraphQL beside a global prefix', () => {
    async function mutate(server: PusherTestServer, name: string): Promise<unknown> {
      @Module({
        imports: [
          PusherModule.forRoot({ ...server.options, socketIdHeader: 'x-socket-id' }),
          GraphQLModule.forRoot({ driver: HttpGraphQL, autoSchemaFile: true }),
        ],
        providers: [OrdersResolver],
      })
      class AppModule {}

      const built = await Test.createTestingModule({ imports: [AppModule] }).compile();
      app = built.createNestApplication(createAdapter(), { logger: false });
      app.setGlobalPrefix('api');
      await app.listen(0, '127.0.0.1');
      const response = await fetch(`${await app.getUrl()}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-socket-id': SOCKET_ID },
        body: JSON.stringify({ query: `mutation { ${name} }` }),
      });
      return response.json();
    }

    it('leaves out the sender of a mutation', async () => {
      await using server = await PusherTestServer.start();
      expect(await mutate(server, 'toOthers')).toEqual({ data: { toOthers: true } });
      expect(server.published()).toMatchObject([{ event: 'paid', socketId: SOCKET_ID }]);
    });

    it('injects the socket id into a resolver', async () => {
      await using server = await PusherTestServer.start();
      expect(await mutate(server, 'injected')).toEqual({ data: { injected: SOCKET_ID } });
    });
  });
});
