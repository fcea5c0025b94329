import type { INestApplication } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Test } from '@nestjs/testing';
import { FakePusherService, replacePusher, testChannelRules } from 'nestjs-pusher-channels/testing';
import { AppModule } from './app.module.js';
import { configure } from './configure.js';

describe('the application', () => {
  const pusher = new FakePusherService();
  let app: INestApplication;

  beforeAll(async () => {
    const testing = Test.createTestingModule({ imports: [AppModule] });
    const compiled = await replacePusher(testing, pusher).compile();
    app = compiled.createNestApplication({ rawBody: true });
    configure(app);
    await app.listen(0, '127.0.0.1');
  });
  afterEach(() => pusher.reset());
  afterAll(() => app.close());

  async function post(path: string, body: object): Promise<unknown> {
    const token = await app.get(JwtService).signAsync({}, { subject: 'ada' });
    const response = await fetch(`${await app.getUrl()}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    return response.json();
  }

  it('announces a payment over REST', async () => {
    const response = await post('/api/v1/orders/ada-7/pay', { cents: 500 });
    expect(response).toEqual({ data: { id: 'ada-7', cents: 500 } });
    pusher.assertTriggered('order.paid', 'private-orders.ada-7');
  });

  it('announces a payment over GraphQL', async () => {
    const query = 'mutation { payOrder(id: "ada-7", cents: 500) { id cents } }';
    const response = await post('/graphql', { query });
    expect(response).toEqual({ data: { payOrder: { id: 'ada-7', cents: 500 } } });
    pusher.assertTriggered('order.paid', 'private-orders.ada-7');
  });

  it('shows orders only to their owner', async () => {
    const { expectAllowed, expectDenied } = testChannelRules(app);
    await expectAllowed({ id: 'ada' }, 'private-orders.ada-7');
    await expectDenied({ id: 'bob' }, 'private-orders.ada-7');
  });
});
