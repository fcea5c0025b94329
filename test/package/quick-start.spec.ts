import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Options } from 'pusher-js';
import { next, PusherJs } from '../support/testing/clients.js';
import { Checkout } from './checkout.js';

const MINUTE = 60_000;

describe('npm start', () => {
  let checkout: Checkout;
  beforeAll(() => {
    checkout = new Checkout();
  });
  afterAll(() => checkout.remove());

  it(
    'prints the address of an application that sends messages to pusher-js, and stops within two seconds of Ctrl-C',
    async () => {
      const program = checkout.start('npm', 'start');
      const address = await program.printed(/Open (http:\S+) /);
      expect((await fetch(address)).status).toBe(200);

      const config: unknown = await (await fetch(`${address}/config`)).json();
      const { key, options } = config as { key: string; options: Options };
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

      // The client stays connected, since people press Ctrl-C while tabs are open.
      expect(await program.end('SIGINT')).toBeLessThan(2000);
      client.disconnect();
      await expect(fetch(address)).rejects.toThrow('fetch failed');
    },
    2 * MINUTE,
  );
});
