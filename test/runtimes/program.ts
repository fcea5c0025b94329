import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { PusherTestServer } from '../../lib/testing/index.js';

/** An application in a process of its own. */
export class Program {
  private constructor(
    /** The address on which it listens. */
    readonly url: string,
    private readonly process: ChildProcess,
  ) {}

  /** Starts it, and waits until it prints its address. */
  static async start(
    folder: string,
    [command = '', ...args]: readonly string[],
    { url, options }: PusherTestServer,
  ): Promise<Program> {
    const env = {
      ...process.env,
      PUSHER_URL: url,
      PUSHER_ENCRYPTION_MASTER_KEY: options.encryptionMasterKeyBase64,
    };
    const child = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stderr.on('data', (chunk: Buffer) => (output += String(chunk)));
    for await (const line of createInterface(child.stdout)) {
      output += `${line}\n`;
      const [, address] = /listening on (\S+)/.exec(line) ?? [];
      if (address === undefined) continue;
      child.stdout.resume();
      return new Program(address, child);
    }
    throw new Error(`${command} has ended:\n${output}`);
  }

  /** Requests something of it, and returns the body of its response. */
  async post(path: string, body: object = {}): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  }

  /** Ends it, and resolves when it has ended. */
  async end(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGTERM');
    await once(this.process, 'exit');
  }
}
