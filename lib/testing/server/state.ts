import { Faults } from './api/faults.js';
import { App } from './app.js';
import { Timers } from './clock.js';
import { Recorder } from './observe/recorder.js';
import type { ConnectedClient } from './observe/records.js';
import type { ServerSettings } from './options.js';
import type { ServerContext } from './server-context.js';
import type { Connection } from './websocket/connection.js';

/** Everything that one server knows. Several servers share nothing. */
export class ServerState implements ServerContext {
  readonly timers: Timers;
  readonly recorder: Recorder;
  readonly faults = new Faults();
  readonly apps: ReadonlyMap<string, App>;

  constructor(readonly settings: ServerSettings) {
    this.timers = new Timers(settings.clock);
    this.recorder = new Recorder(settings);
    this.apps = new Map(settings.apps.map((app) => [app.id, new App(app, this)]));
  }

  /** The app with this key, whether it is its current key or an older one. */
  appOfKey(key: string): App | undefined {
    return [...this.apps.values()].find((app) => app.secretOf(key) !== undefined);
  }

  connectedClients(): ConnectedClient[] {
    return [...this.apps.values()].flatMap((app) =>
      [...app.connections.values()].map((connection) => connection.describe(app.settings.id)),
    );
  }

  isConnected(connection: Connection): boolean {
    return [...this.apps.values()].some(
      ({ connections }) => connections.get(connection.socketId) === connection,
    );
  }

  stop(): void {
    this.timers.stop();
    this.recorder.stop();
    for (const app of this.apps.values()) app.webhooks.stop();
  }
}
