import { EventEmitter, once } from 'node:events';
import { Injectable, UseGuards } from '@nestjs/common';
import type { Channel, Options } from 'pusher-js';
import {
  AuthenticateUser,
  AuthorizeChannel,
  OnPusherWebhook,
  PusherAuthController,
  type PresenceMember,
  type PusherServer,
  PusherService,
  PusherWebhookController,
  type UnknownWebhookEvent,
  type UserData,
  type WebhookEvent,
} from '../../../lib/index.js';
import { AuthServer, HeaderUser, type TestUser } from '../auth/server.js';
import { ADAPTERS } from '../nest/adapters.js';
import { next, type PusherClient, PusherJs, releaseSockets } from '../testing/clients.js';
import { APP, freePort, type StartServer } from './channels-servers.js';

/** An event of a webhook that the application has received. */
export type ReceivedEvent = WebhookEvent | UnknownWebhookEvent;

@Injectable()
class Rules {
  @AuthorizeChannel('private-{name...}')
  mayRead(_user: TestUser, { name }: { name: string }): boolean {
    return !name.startsWith('secret');
  }

  @AuthorizeChannel('private-encrypted-{name...}')
  mayReadEncrypted(): boolean {
    return true;
  }

  @AuthorizeChannel('presence-{name...}')
  mayJoin({ id }: TestUser, { name }: { name: string }): PresenceMember | 'signed-in' {
    return name === 'signed-in' ? 'signed-in' : { userId: id, userInfo: { name: `${id}!` } };
  }

  @AuthenticateUser()
  whoIs({ id }: TestUser): UserData {
    return { id, userInfo: { name: `${id}!` }, watchlist: ['ada', 'bob'] };
  }
}

/** The webhooks that an application has received, in order. */
@Injectable()
class ReceivedWebhooks {
  readonly events: ReceivedEvent[] = [];
  readonly arrivals = new EventEmitter();

  @OnPusherWebhook('*')
  receive(event: ReceivedEvent): void {
    this.events.push(event);
    this.arrivals.emit('event');
  }
}

/** A Nest application on a server of its own, and clients of it. Ended at the end of `await using`. */
export class ChannelsApplication implements AsyncDisposable {
  readonly #clients: PusherClient[] = [];

  private constructor(
    private readonly app: AuthServer,
    private readonly server: AsyncDisposable,
    readonly port: number,
  ) {}

  static async start(server: PusherServer, start: StartServer): Promise<ChannelsApplication> {
    const port = await freePort();
    const [[, adapter]] = ADAPTERS;
    const app = await AuthServer.start({
      adapter,
      apps: [
        {
          ...APP,
          server,
          host: '127.0.0.1',
          port,
          useTLS: false,
          webhooks: { dedupe: true },
          encryptionMasterKeyBase64: Buffer.alloc(32, 7).toString('base64'),
        },
      ],
      options: { rawBody: true },
      providers: [Rules, ReceivedWebhooks],
      controllers: [
        PusherAuthController({ decorators: [UseGuards(HeaderUser)] }),
        PusherWebhookController(),
      ],
    });
    const running = await start({ port, webhookUrl: `${app.url}/pusher/webhooks` });
    return new ChannelsApplication(app, running, port);
  }

  get pusher(): PusherService {
    return this.app.app.get(PusherService);
  }

  /** What the application has logged. */
  get log(): readonly string[] {
    return this.app.log;
  }

  /** The webhook events that the application has received so far. */
  get webhooks(): readonly ReceivedEvent[] {
    return this.app.app.get(ReceivedWebhooks).events;
  }

  /** A connected client of a user. */
  async client(user = 'ada', options: Partial<Options> = {}): Promise<PusherClient> {
    const headers = { 'x-user': user };
    const client = new PusherJs(APP.key, {
      cluster: '',
      wsHost: '127.0.0.1',
      wsPort: this.port,
      forceTLS: false,
      enabledTransports: ['ws'],
      channelAuthorization: { transport: 'ajax', endpoint: `${this.app.url}/pusher/auth`, headers },
      userAuthentication: {
        transport: 'ajax',
        endpoint: `${this.app.url}/pusher/user-auth`,
        headers,
      },
      ...options,
    });
    this.#clients.push(client);
    await next(client.connection, 'connected');
    return client;
  }

  /** A connected client that has signed in. */
  async signedIn(user = 'ada'): Promise<PusherClient> {
    const client = await this.client(user);
    client.signin();
    await client.user.signinDonePromise;
    return client;
  }

  async subscribed(client: PusherClient, name: string): Promise<Channel> {
    const channel = client.subscribe(name);
    await next(channel, 'pusher:subscription_succeeded');
    return channel;
  }

  /** The first webhook event of that name about the channel, past or to come. */
  async webhook(name: string, channel: string): Promise<ReceivedEvent> {
    const isIt = (event: ReceivedEvent) => event.name === name && event['channel'] === channel;
    const events = await this.received((all) => all.some(isIt));
    return events.find(isIt) as ReceivedEvent;
  }

  /** The webhook events that have arrived, once they are enough. */
  async received(
    isEnough: (events: readonly ReceivedEvent[]) => boolean,
  ): Promise<readonly ReceivedEvent[]> {
    const { events, arrivals } = this.app.app.get(ReceivedWebhooks);
    const signal = AbortSignal.timeout(20_000);
    while (!isEnough(events)) await once(arrivals, 'event', { signal });
    return events;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.disconnect();
    await this.server[Symbol.asyncDispose]();
    await this.app.app.close();
    releaseSockets();
  }
}
