import type { AppActivity } from './observe/activity.js';
import { Channel } from './channels/channel.js';
import { EventCache } from './channels/event-cache.js';
import type { AppSettings } from './settings.js';
import type { Connection } from './websocket/connection.js';
import type { ServerState } from './state.js';
import { Users } from './users.js';
import { WebhookOutbox } from './webhooks/outbox.js';

/** One app: its settings, and who is connected, subscribed and signed in. */
export class App {
  readonly connections = new Map<string, Connection>();
  readonly channels = new Map<string, Channel>();
  readonly cache: EventCache;
  readonly users = new Users();
  readonly webhooks: WebhookOutbox;

  constructor(
    readonly settings: AppSettings,
    readonly server: ServerState,
  ) {
    this.cache = new EventCache(server.settings.limits.cacheTtlMs, server.timers);
    this.webhooks = new WebhookOutbox(this);
  }

  /** The secret of a key of this app. */
  secretOf(key: string): string | undefined {
    return this.settings.tokens.find((token) => token.key === key)?.secret;
  }

  /** The channel, made when nobody is on it yet. */
  channel(name: string): Channel {
    let channel = this.channels.get(name);
    if (!channel) this.channels.set(name, (channel = new Channel(name)));
    return channel;
  }

  /** Reports what happened to this app. */
  happened(activity: AppActivity): void {
    this.server.happened({ appId: this.settings.id, ...activity });
  }
}
