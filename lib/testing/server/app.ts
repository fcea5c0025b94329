import { Channel } from './channels/channel.js';
import { EventCache } from './channels/event-cache.js';
import type { AppActivity } from './observe/activity.js';
import { type AppSettings, credentialsOf } from './options.js';
import type { ServerContext } from './server-context.js';
import { WebhookQueue } from './webhooks/queue.js';
import type { Connection } from './websocket/connection.js';
import { Users } from './websocket/users.js';

/** One app: its settings, and who is connected, subscribed and signed in. */
export class App {
  readonly connections = new Map<string, Connection>();
  readonly channels = new Map<string, Channel>();
  readonly cache: EventCache;
  readonly users = new Users();
  readonly webhooks: WebhookQueue;

  constructor(
    readonly settings: AppSettings,
    readonly server: ServerContext,
  ) {
    this.cache = new EventCache(server.settings.limits.cacheTtlMs, server.timers);
    this.webhooks = new WebhookQueue(settings, server);
  }

  /** The secret of a key of this app. */
  secretOf(key: string): string | undefined {
    return credentialsOf(this.settings).find((each) => each.key === key)?.secret;
  }

  /** The channel, created when nobody is on it yet. */
  channel(name: string): Channel {
    let channel = this.channels.get(name);
    if (!channel) this.channels.set(name, (channel = new Channel(name)));
    return channel;
  }

  /** Records what happened to this app. */
  record(activity: AppActivity): void {
    this.server.recorder.record({ appId: this.settings.id, ...activity });
  }
}
