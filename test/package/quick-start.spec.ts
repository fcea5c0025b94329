import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Options } from 'pusher-js';
import { next, PusherJs } from '../support/test-server.js';
import { ROOT } from './packed.js';

const MINUTE = 60_000;
/** What `npm start` reads. A copy, so that nobody else builds into the same folder meanwhile. */
const READ = ['lib', 'sample', 'package.json', 'nest-cli.json', 'tsconfig.json'];

describe('npm start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quick-start-'));
  let child: ChildProcess | undefined;

  beforeAll(() => {
    for (const name of [...READ, 'tsconfig.build.json'])
      cpSync(join(ROOT, name), join(folder, name), { recursive: true, filter: isSource });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  });

  afterAll(() => {
    if (child) signal(child.pid, 'SIGKILL');
    rmSync(folder, { recursive: true });
  });

  it(
    'prints an address where a message arrives in pusher-js, and ends within two seconds of Ctrl-C',
    async () => {
      const { PUSHER_URL: _, ...environment } = process.env;
      // A group of its own, because Ctrl-C is heard by npm, nest and the application alike.
      const started = spawn('npm', ['start'], {
        cwd: folder,
        detached: true,
        env: { ...environment, PORT: '0' },
      });
      child = started;
      const address = await printed(started, /Open (http:\S+) /);
      expect((await fetch(address)).status).toBe(200);

      const { key, options } = (await (await fetch(`${address}/config`)).json()) as {
        key: string;
        options: Options;
      };
      const client = new PusherJs(key, options);
      const chat = client.subscribe('chat');
      await next(chat, 'pusher:subscription_succeeded');
      const arrived = next(chat, 'message.created');
      const message = { author: 'Ada', text: 'Grüße 👋' };
      await fetch(`${address}/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(message),
      });
      await expect(arrived).resolves.toEqual(message);

      // The client stays connected: nobody closes all tabs before pressing Ctrl-C.
      const ended = once(started, 'close');
      const pressedAt = performance.now();
      signal(started.pid, 'SIGINT');
      await ended;
      child = undefined;
      expect(performance.now() - pressedAt).toBeLessThan(2000);
      client.disconnect();
      await expect(fetch(address)).rejects.toThrow('fetch failed');
    },
    2 * MINUTE,
  );
});

function isSource(path: string): boolean {
  return !/[\\/](?:dist|node_modules)$/.test(path);
}

/** The first group of the pattern, as soon as it is printed. */
async function printed(program: ChildProcess, pattern: RegExp): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      text += String(chunk);
      const [, found] = pattern.exec(text) ?? [];
      if (found !== undefined) resolve(found);
    };
    program.stdout?.on('data', read);
    program.stderr?.on('data', read);
    program.on('close', (code) => reject(new Error(`npm start ended with ${code}:\n${text}`)));
  });
}

/** To the whole group, as a terminal does. */
function signal(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid !== undefined) process.kill(-pid, name);
}
