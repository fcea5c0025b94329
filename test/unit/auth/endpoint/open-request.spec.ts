import { execFile } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { whileOpen } from '../../../../lib/auth/endpoint/open-request.js';

class Response extends EventEmitter {
  constructor(readonly destroyed = false) {
    super();
  }
}

const LONG = 60_000;
/** In milliseconds, for a process that should have ended by itself long before. */
const PATIENCE = 30_000;
const here = import.meta.dirname;
/** Never settles by itself; rejects when the signal aborts. */
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
  });

describe('whileOpen', () => {
  it('gives what the work gives, and leaves no listener behind', async () => {
    const response = new Response();
    expect(await whileOpen(response, LONG, () => Promise.resolve(7))).toBe(7);
    await expect(
      whileOpen(response, LONG, () => Promise.reject(new Error('broken'))),
    ).rejects.toThrow('broken');
    expect(response.listenerCount('close')).toBe(0);
  });

  it('aborts when the response closes, of Express or of Fastify', async () => {
    for (const wrap of [(raw: Response) => raw, (raw: Response) => ({ raw })]) {
      const response = new Response();
      const work = whileOpen(wrap(response), LONG, untilAborted);
      response.emit('close');
      await expect(work).rejects.toThrow('the client was gone');
    }
  });

  it('aborts at once when the response had closed before', async () => {
    await expect(whileOpen(new Response(true), LONG, untilAborted)).rejects.toThrow('was gone');
  });

  it('aborts when the time is up', async () => {
    await expect(whileOpen(new Response(), 1, untilAborted)).rejects.toThrow('within 1 ms');
  });

  it('lets a process end in which nothing else goes on', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        `--import=${here}/../../../support/processes/run-typescript.mjs`,
        `${here}/open-request-alone.ts`,
      ],
      { timeout: PATIENCE },
    );
    expect(stdout).toBe('still open\n');
  });
});
