import { execFile } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { withRequestSignal } from '../../../../lib/auth/endpoint/pusher-auth.controller.js';

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

describe('withRequestSignal', () => {
  it('returns the result of the work and leaves no listener behind', async () => {
    const response = new Response();
    expect(await withRequestSignal(response, LONG, () => Promise.resolve(7))).toBe(7);
    await expect(
      withRequestSignal(response, LONG, () => Promise.reject(new Error('broken'))),
    ).rejects.toThrow('broken');
    expect(response.listenerCount('close')).toBe(0);
  });

  it('aborts when the response of Express or Fastify closes', async () => {
    for (const wrap of [(raw: Response) => raw, (raw: Response) => ({ raw })]) {
      const response = new Response();
      const work = withRequestSignal(wrap(response), LONG, untilAborted);
      response.emit('close');
      await expect(work).rejects.toThrow('the client disconnected');
    }
  });

  it('aborts at once when the response has closed before', async () => {
    await expect(withRequestSignal(new Response(true), LONG, untilAborted)).rejects.toThrow(
      'the client disconnected',
    );
  });

  it('aborts when the time is up', async () => {
    await expect(withRequestSignal(new Response(), 1, untilAborted)).rejects.toThrow('within 1 ms');
  });

  it('does not keep the process alive', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        `--import=${here}/../../../support/processes/run-typescript.mjs`,
        `${here}/hanging-request.ts`,
      ],
      { timeout: PATIENCE },
    );
    expect(stdout).toBe('still open\n');
  });
});
