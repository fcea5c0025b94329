import type { OnApplicationShutdown } from '@nestjs/common';
import type { PusherModuleOptions } from 'nestjs-pusher-channels';
import { PusherTestServer } from 'nestjs-pusher-channels/testing';

/**
 * The server that `PUSHER_URL` names (`PUSHER_ENCRYPTION_MASTER_KEY` then has 32 bytes in base64), or
 * one in this process when it names none.
 */
export class ChannelsServer implements OnApplicationShutdown {
  private constructor(
    readonly options: PusherModuleOptions,
    private readonly url: string,
    private readonly own?: PusherTestServer,
  ) {}

  static async find({ PUSHER_URL: url }: NodeJS.ProcessEnv): Promise<ChannelsServer> {
    // Options that name no app let the module read the environment.
    if (url) return new ChannelsServer({}, url);
    const own = await PusherTestServer.start();
    return new ChannelsServer(own.options, own.url, own);
  }

  /** What the page needs to connect: the key, which is public, and the address. Never the secret. */
  clientOptions(): { key: string; options: object } {
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
