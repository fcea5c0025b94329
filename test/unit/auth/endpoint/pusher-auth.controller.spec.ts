import { execFile } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { lifetimeOf } from '../../../../lib/auth/endpoint/pusher-auth.controller.js';

class Response extends EventEmitter {
  constructor(readonly destroyed = false) {
    super();
  }
}

const LONG = 60_000;
/** In milliseconds, for a process that should have ended by itself long before. */
const PATIENCE = 30_000;
const here = import.meta.dirname;
const never = new Promise<never>(() => undefined);

describe('the lifetime of a request', () => {
  it('leaves no listener behind when it is closed', async () => {
    const response = new Response();
    const lifetime = lifetimeOf(response, LONG);
    expect(await lifetime.waitFor(Promise.resolve(7))).toBe(7);
    expect(response.listenerCount('close')).toBe(1);
    lifetime.close();
    expect(response.listenerCount('close')).toBe(0);
  });

  it('ends when the response of Express or Fastify closes', async () => {
    for (const wrap of [(raw: Response) => raw, (raw: Response) => ({ raw })]) {
      const response = new Response();
      const work = lifetimeOf(wrap(response), LONG).waitFor(never);
      response.emit('close');
      await expect(work).rejects.toThrow('the client disconnected');
      expect(response.listenerCount('close')).toBe(0);
    }
  });

  it('ends at once when the response has closed before', async () => {
    const response = new Response(true);
    await expect(lifetimeOf(response, LONG).waitFor(never)).rejects.toThrow(
      'the client disconnected',
    );
    expect(response.listenerCount('close')).toBe(0);
  });

  it('ends when the time is up', async () => {
    await expect(lifetimeOf(new Response(), 1).waitFor(never)).rejects.toThrow('within 1 ms');
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
