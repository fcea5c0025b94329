import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, type INestApplication, Module, Post } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { PusherModule, type PusherModuleOptions } from '../../../lib/index.js';
import { ADAPTERS } from '../../support/nest/adapters.js';

@Controller()
class AnyController {
  @Post()
  handle(): void {}
}

describe.each(ADAPTERS)('an application on %s', (_adapter, createAdapter) => {
  let app: INestApplication | undefined;
  afterEach(() => app?.close());

  /** How many middlewares Nest mounts when the application starts. */
  async function mounted(...apps: PusherModuleOptions[]): Promise<number> {
    const imports = apps.map((options, at) =>
      PusherModule.forRoot({ ...options, delivery: 'off', ...(at > 0 && { name: `app-${at}` }) }),
    );

    @Module({ imports, controllers: [AnyController] })
    class AppModule {}

    const adapter = createAdapter();
    const mount = jest.spyOn(adapter, 'createMiddlewareFactory');
    const built = await Test.createTestingModule({ imports: [AppModule] }).compile();
    app = built.createNestApplication(adapter, { logger: false });
    await app.init();
    return mount.mock.calls.length;
  }

  it('has no middleware of this library without socketIdHeader', async () => {
    expect(await mounted({}, {})).toBe(0);
  });

  it('has one middleware with socketIdHeader, however many apps have it', async () => {
    const one = await mounted({ socketIdHeader: 'x-socket-id' });
    await app?.close();
    const three = await mounted(
      { socketIdHeader: 'x-socket-id' },
      {},
      { socketIdHeader: 'x-other' },
    );
    expect([one, three]).toEqual([1, 1]);
  });
});
