import { createRequire } from 'node:module';
import { PusherService } from 'nestjs-pusher-channels';

it('a package that requires this one gets the class that the test imports', () => {
  const required = createRequire(__filename)('nestjs-pusher-channels') as {
    PusherService: unknown;
  };
  expect(required.PusherService).toBe(PusherService);
});
