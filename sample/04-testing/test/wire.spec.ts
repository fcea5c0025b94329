import { setTimeout } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { PusherTestServer } from 'nestjs-pusher-channels/testing';
import PusherJs from 'pusher-js';
import request from 'supertest';
import { AppModule } from '../src/app.module.js';

// pusher-js is CommonJS and exports the class itself; its types say otherwise.
const Pusher = PusherJs as unknown as typeof PusherJs.default;

it('brings a bid to those who watch, and knows that they do', async () => {
  await using server = await PusherTestServer.start();
  process.env['PUSHER_URL'] = server.url;
  const testing = await Test.createTestingModule({ imports: [AppModule] }).compile();
  const app = await testing.createNestApplication({ rawBody: true }).init();
  const client = new Pusher(server.key, server.clientOptions);
  await using _ = { [Symbol.asyncDispose]: () => (client.disconnect(), app.close()) };
  const bid = new Promise((hear) => client.subscribe('auctions.7').bind('bid.placed', hear));
  const { headers, body } = await server.nextWebhook('channel_occupied');
  await request(app.getHttpServer()).post('/pusher/webhooks').set(headers).send(body).expect(200);
  await request(app.getHttpServer()).post('/auctions/7/bids/100').expect(201, { watched: true });
  const late = setTimeout(3000, 'nothing within three seconds', { ref: false });
  await expect(Promise.race([bid, late])).resolves.toEqual({ amount: 100 });
});
