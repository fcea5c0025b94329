import 'reflect-metadata';
import { Test } from '@nestjs/testing';
import { PusherModule, PusherService } from 'nestjs-pusher-channels';
import { PusherTestingModule } from 'nestjs-pusher-channels/testing';

it('starts the module, and the fake', async () => {
  const options = { appId: '1', key: 'key', secret: 'secret', cluster: 'eu', delivery: 'off' };
  for (const imported of [PusherModule.forRoot(options), PusherTestingModule.forRoot()]) {
    const app = await Test.createTestingModule({ imports: [imported] }).compile();
    expect(app.get(PusherService)).toBeInstanceOf(PusherService);
    await app.close();
  }
});
