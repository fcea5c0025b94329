import type { ServerActivity } from './observe/activity.js';
import { App } from './app.js';
import { Faults } from './faults.js';
import { Log } from './observe/log.js';
import type { Observation } from './observe/observation.js';
import type {
  ConnectionState,
  FrameRecord,
  PublishedEvent,
  ReceivedRequest,
  SentWebhook,
} from './observe/records.js';
import type { ServerSettings } from './settings.js';
import type { Connection } from './websocket/connection.js';
import { Timers } from './timers.js';
import { Waits } from './observe/waits.js';

/** All that one server knows. Several servers share nothing. */
export class ServerState implements Observation {
  readonly timers: Timers;
  readonly waits = new Waits();
  readonly faults = new Faults();
  readonly published: Log<PublishedEvent>;
  readonly requests: Log<ReceivedRequest>;
  readonly webhooks: Log<SentWebhook>;
  readonly frames: Log<FrameRecord>;
  readonly apps: ReadonlyMap<string, App>;

  constructor(readonly settings: ServerSettings) {
    this.timers = new Timers(settings.clock);
    this.published = new Log(settings.recordLimit);
    this.requests = new Log(settings.recordLimit);
    this.webhooks = new Log(settings.recordLimit);
    this.frames = new Log(settings.frameLimit);
    this.apps = new Map(settings.apps.map((app) => [app.id, new App(app, this)]));
  }

  /** The app that has this key, be it its current or an older one. */
  appOfKey(key: string): App | undefined {
    return [...this.apps.values()].find((app) => app.secretOf(key) !== undefined);
  }

  connectionStates(): ConnectionState[] {
    return [...this.apps.values()].flatMap((app) =>
      [...app.connections.values()].map((connection) => connection.state(app.settings.id)),
    );
  }

  isConnected(connection: Connection): boolean {
    return [...this.apps.values()].some(
      ({ connections }) => connections.get(connection.socketId) === connection,
    );
  }

  /** Every change of state ends here: listeners hear of it, and those who wait look again. */
  happened(activity: ServerActivity): void {
    if (activity.type === 'published') this.published.add(activity.published);
    this.settings.onActivity(activity);
    this.waits.changed();
  }

  stop(): void {
    this.timers.stop();
    this.waits.stop();
    for (const app of this.apps.values()) app.webhooks.stop();
  }
}
