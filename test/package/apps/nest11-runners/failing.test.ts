import 'reflect-metadata';
import { Test } from '@nestjs/testing';
import { AuthorizeChannel } from 'nestjs-pusher-channels';
import {
  FakePusherService,
  PusherTestingModule,
  PusherTestServer,
  testChannelRules,
} from 'nestjs-pusher-channels/testing';

// All of these fail: what is printed then is what the test of this folder reads.

class Rules {
  mayRead(): boolean {
    return false;
  }
}
const read = Object.getOwnPropertyDescriptor(Rules.prototype, 'mayRead')!;
AuthorizeChannel('private-orders.{id}')(Rules.prototype, 'mayRead', read);

it('an event that was not triggered', async () => {
  const pusher = new FakePusherService();
  await pusher.trigger('private-orders.7', 'order.paid', { id: '7' });
  pusher.assertTriggered('order.refunded', 'private-orders.7');
});

it('a channel that is refused', async () => {
  const imports = [PusherTestingModule.forRoot()];
  const app = await Test.createTestingModule({ imports, providers: [Rules] }).compile();
  await app.init();
  await testChannelRules(app).expectAllowed({}, 'private-orders.7');
});

it('a wait that takes too long', async () => {
  await using server = await PusherTestServer.start();
  await server.nextPublished('order.paid', { timeoutMs: 20 });
});
