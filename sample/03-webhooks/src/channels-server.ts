import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { PusherTestServer } from 'nestjs-pusher-channels/testing';

/** An application of yours has this in `PUSHER_URL`, and leaves it out here. */
export const APP = { appId: 'sample', key: 'sample-key', secret: 'sample-secret' };

/** Stands in for Pusher, in this process. */
@Injectable()
export class ChannelsServer implements OnApplicationShutdown {
  #server?: PusherTestServer;

  /** @param webhookUrl what you would write into the settings of your app at Pusher */
  async start(webhookUrl: string): Promise<void> {
    this.#server = await PusherTestServer.start({
      apps: [{ id: APP.appId, ...APP }],
      webhookUrl,
      webhooks: { retry: true },
    });
  }

  clientOptions(): object {
    return { key: APP.key, options: this.#server?.clientOptions };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#server?.stop();
  }
}
