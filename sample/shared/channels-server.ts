import type { OnApplicationShutdown } from '@nestjs/common';
import type { PusherModuleOptions } from 'nestjs-pusher-channels';
import { PusherTestServer } from 'nestjs-pusher-channels/testing';

/**
 * The server that `PUSHER_URL` names (sample 02 also needs `PUSHER_ENCRYPTION_MASTER_KEY`: 32 bytes in
 * base64), or a stand-in for Pusher in this process when the variable is not set.
 */
export class ChannelsServer implements OnApplicationShutdown {
  private constructor(
    /** The app, for `PusherModule`. */
    readonly options: PusherModuleOptions,
    private readonly url: string,
    private readonly standIn?: PusherTestServer,
  ) {}

  static async start({ PUSHER_URL: url }: NodeJS.ProcessEnv): Promise<ChannelsServer> {
    // With options that name no app, the module reads the environment.
    if (url) return new ChannelsServer({}, url);
    const standIn = await PusherTestServer.start({ webhooks: { retry: true } });
    return new ChannelsServer(standIn.options, standIn.url, standIn);
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

  /** For the stand-in. At Pusher, the URL belongs in the settings of the app. */
  sendWebhooksTo(url: string): void {
    this.standIn?.sendWebhooksTo(url);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.standIn?.stop();
  }
}
