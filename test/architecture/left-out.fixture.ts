import { AuthorizeChannel } from '../../lib/auth/rules/authorize-channel.decorator.js';
import { PusherModule, type PusherService } from '../../lib/index.js';
import {
  PusherTestServer,
  PusherTestingModule,
  type ServerFault,
  type TestAppOptions,
  type WebhookDeliveryOptions,
  signWebhook,
} from '../../lib/testing/index.js';

/** What an application passes when it does not know whether it has a value. Only compiled. */
export async function leftOut(
  pusher: PusherService,
  text: string | undefined,
  count: number | undefined,
): Promise<void> {
  PusherModule.forRoot({
    url: text,
    port: count,
    name: text,
    retry: { maxAttempts: count },
    http: { proxy: text, tls: { ca: text } },
    webhooks: { toleranceMs: count, dedupe: { ttlMs: count } },
    limits: { maxDataBytes: count },
  });
  await pusher.trigger('news', 'event', {}, { socketId: text, info: undefined });
  await pusher.triggerBatch([{ channel: 'news', event: 'event', data: 1, socketId: text }]);
  await pusher.channels({ prefix: text, info: undefined });
  await pusher.get('/channels', { filter_by_prefix: text });
  pusher.createSignedQueryString({ method: 'GET', path: '/', timestamp: count, body: text });
  pusher.authorizeChannel('1.1', 'presence-a', { userId: '1', userInfo: undefined });
  pusher.authenticateUser('1.1', { id: '1', watchlist: undefined });
  pusher.receiveWebhook({ headers: { 'x-pusher-key': text }, rawBody: text });
  AuthorizeChannel('private-a', { app: text });
  const app: TestAppOptions = { id: text, webhookUrl: text, enabled: undefined };
  const webhooks: WebhookDeliveryOptions = { timeoutMs: count };
  const fault: ServerFault = { status: count, match: undefined };
  const server = await PusherTestServer.start({ port: count, apps: [app], webhooks, limits: {} });
  server.failNext(fault);
  await server.waitForSubscription('news', { count, appId: text });
  PusherTestingModule.forRoot({ name: text, options: { timeoutMs: count } });
  signWebhook({ events: [{ name: 'x', channel: text }], timeMs: count }, server.options);
}
