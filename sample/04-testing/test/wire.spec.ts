import { expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { PusherTestServer, replacePusher } from 'nestjs-pusher-channels/testing';
import Pusher from 'pusher-js';
import request from 'supertest';
import { AppModule } from '../src/app.module.js';

it('delivers a bid to the watchers, and knows that there are some', async () => {
  await using server = await PusherTestServer.start();
  const testing = replacePusher(Test.createTestingModule({ imports: [AppModule] }), server);
  const app = (await testing.compile()).createNestApplication({ rawBody: true });
  await app.listen(0, '127.0.0.1');
  server.sendWebhooksTo(`${await app.getUrl()}/pusher/webhooks`);
  const bids = server.client(Pusher).subscribe('auctions.7');
  await server.nextWebhook('channel_occupied');
  const bid = new Promise((resolve) => bids.bind('bid.placed', resolve));
  await request(app.getHttpServer()).post('/auctions/7/bids/100').expect(201, { watched: true });
  await expect(bid).resolves.toEqual({ amount: 100 });
  await app.close();
});
