import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { SystemRandomSource } from '../../../lib/runtime/random.js';
import { SystemClock } from '../../../lib/runtime/clock.js';
import { Secret } from '../../../lib/runtime/secret.js';

describe('Secret', () => {
  const secret = new Secret('marker');

  it('is revealed on demand only', () => expect(secret.reveal()).toBe('marker'));

  it.each([
    ['a text', String(secret)],
    ['JSON', JSON.stringify({ secret })],
    ['an inspection', inspect({ secret }, { showHidden: true, depth: 9 })],
    ['its keys', Object.keys(secret).join()],
    ['a copy', JSON.stringify(Object.assign({}, secret))],
  ])('does not show in %s', (_where, shown) => expect(shown).not.toContain('marker'));
});

describe('SystemClock', () => {
  const clock = new SystemClock();

  it('ends a sleep with the reason of the signal', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const sleeping = clock.sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
  });

  it('does not begin to sleep when the signal has ended already', async () => {
    const reason = new Error('enough');
    await expect(clock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('sleeps', async () => {
    await expect(clock.sleep(0)).resolves.toBeUndefined();
  });

  it('calls back after the time, unless that is cancelled', async () => {
    const calls: string[] = [];
    const cancel = clock.after(0, () => calls.push('cancelled'));
    cancel();
    await new Promise<void>((resolve) => {
      clock.after(0, () => {
        calls.push('due');
        resolve();
      });
    });
    expect(calls).toEqual(['due']);
  });

  it('reads what has arrived before it calls back, also when the process was blocked', async () => {
    const log: string[] = [];
    const server = createServer((socket) => socket.on('data', () => log.push('arrived')));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(server, 'connection');
    const called = new Promise<void>((resolve) => {
      clock.after(5, () => {
        log.push('called');
        resolve();
      });
    });
    client.write('x');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    await called;
    client.destroy();
    await new Promise((closed) => server.close(closed));
    expect(log).toEqual(['arrived', 'called']);
  });

  it('measures in milliseconds', () => {
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1000);
    expect(clock.elapsed()).toBeLessThanOrEqual(clock.elapsed());
  });
});

describe('SystemRandomSource', () => {
  const random = new SystemRandomSource();

  it('gives as many bytes as were asked for, and others each time', () => {
    expect(random.bytes(24)).toHaveLength(24);
    expect(random.bytes(24)).not.toEqual(random.bytes(24));
  });

  it('gives numbers from 0 to 1', () => {
    const number = random.float();
    expect(number >= 0 && number < 1).toBe(true);
  });
});
