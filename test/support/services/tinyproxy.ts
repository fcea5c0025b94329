import { join } from 'node:path';
import { Daemon } from './daemon.js';

/** tinyproxy, a proxy that makes tunnels. */
export class TinyProxy implements AsyncDisposable {
  private constructor(
    private readonly daemon: Daemon,
    private readonly credentials: string | undefined,
  ) {}

  /** @param credentials `user:password` that it requires */
  static async start(credentials?: string): Promise<TinyProxy> {
    const daemon = await Daemon.start(({ port, folder }) => ({
      command: ['tinyproxy', '-d', '-c', join(folder, 'tinyproxy.conf')],
      files: {
        'tinyproxy.conf': [
          `Port ${port}`,
          'Listen 127.0.0.1',
          'Allow 127.0.0.1',
          'Timeout 60',
          'MaxClients 100',
          `LogFile "${folder}/tinyproxy.log"`,
          ...(credentials === undefined ? [] : [`BasicAuth ${credentials.replace(':', ' ')}`]),
          '',
        ].join('\n'),
      },
    }));
    return new TinyProxy(daemon, credentials);
  }

  get address(): string {
    const user = this.credentials === undefined ? '' : `${this.credentials}@`;
    return `http://${user}127.0.0.1:${this.daemon.place.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.daemon[Symbol.asyncDispose]();
  }
}
