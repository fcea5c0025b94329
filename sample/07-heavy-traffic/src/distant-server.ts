import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { PusherModuleOptions } from 'nestjs-pusher-channels';
import { PusherTestServer } from 'nestjs-pusher-channels/testing';

/**
 * A stand-in for Pusher in this process, as far away as one likes. The load of this sample goes to no
 * other server: an account pays for each event.
 */
export class DistantServer implements OnApplicationShutdown {
  /** How long a request and its response are under way, in milliseconds. */
  roundTripMs = 20;
  readonly #sockets = new Set<Socket>();

  private constructor(
    readonly standIn: PusherTestServer,
    private readonly proxy: Server,
  ) {}

  static async start(): Promise<DistantServer> {
    const proxy = createServer();
    const server = new DistantServer(await PusherTestServer.start({ recordLimit: 10_000 }), proxy);
    proxy.on('connection', (near) => server.#carry(near));
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    return server;
  }

  /** The app, for `PusherModule`. */
  get options(): PusherModuleOptions {
    return { ...this.standIn.options, port: (this.proxy.address() as AddressInfo).port };
  }

  async onApplicationShutdown(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.proxy.close();
    await this.standIn.stop();
  }

  #carry(near: Socket): void {
    const far = connect({ host: '127.0.0.1', port: this.standIn.options.port });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.setNoDelay();
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      // What came first leaves first, also when the distance has become shorter meanwhile.
      let previous: Promise<unknown> = Promise.resolve();
      from.on('data', (bytes) => {
        const arrival = Promise.all([previous, wait(this.roundTripMs / 2)]);
        previous = arrival.then(() => to.write(bytes));
      });
    }
  }
}
