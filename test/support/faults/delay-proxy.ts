import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const FILE = 'bench/servers/delay-proxy.mjs';

/** The delay proxy of the benchmark, in a process of its own: puts a distance before a server. */
export class DelayProxy {
  private constructor(
    private readonly child: ChildProcess | undefined,
    private readonly port: number,
  ) {}

  /** Without a distance, there is no proxy. */
  static async start(targetPort: number, roundTripMs: number): Promise<DelayProxy> {
    if (roundTripMs === 0) return new DelayProxy(undefined, targetPort);
    const child = fork(FILE, [JSON.stringify({ targetPort, roundTripMs })]);
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    return new DelayProxy(child, port);
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Resolves when no connection is open, so that nothing is on its way. */
  async idle(): Promise<void> {
    if (this.child === undefined) return;
    const idle = once(this.child, 'message');
    this.child.send({ task: 'idle' });
    await idle;
  }

  stop(): void {
    this.child?.disconnect();
  }
}
