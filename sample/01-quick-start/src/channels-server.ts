import type { OnApplicationShutdown } from '@nestjs/common';
import { PusherTestServer } from 'nestjs-pusher-channels/testing';

/** The server that `PUSHER_URL` names, or one in this process when it names none. */
export class ChannelsServer implements OnApplicationShutdown {
  private constructor(
    readonly url: string,
    private readonly own?: PusherTestServer,
  ) {}

  static async find(environment: NodeJS.ProcessEnv): Promise<ChannelsServer> {
    if (environment['PUSHER_URL']) return new ChannelsServer(environment['PUSHER_URL']);
    const own = await PusherTestServer.start();
    return new ChannelsServer(own.url, own);
  }

  /** What the page needs to connect: the key, which is public, and the address. Never the secret. */
  clientOptions(): { key: string; options: Record<string, unknown> } {
    const { username, hostname, port, protocol } = new URL(this.url);
    const cluster = /^api-(.+)\.pusher\.com$/.exec(hostname)?.[1];
    const forceTLS = protocol === 'https:';
    const address = { wsHost: hostname, ...(port && { wsPort: +port, wssPort: +port }) };
    return {
      key: decodeURIComponent(username),
      options: cluster
        ? { cluster, forceTLS }
        : { cluster: 'local', forceTLS, enabledTransports: ['ws', 'wss'], ...address },
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.own?.stop();
  }
}
