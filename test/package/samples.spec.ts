import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Checkout } from './checkout.js';
import { ROOT, run } from './packed.js';

const MINUTE = 60_000;

describe('nest start', () => {
  let checkout: Checkout;
  beforeAll(async () => {
    checkout = new Checkout();
    await run(checkout.folder, 'npm', 'run', 'build:esm');
  }, 2 * MINUTE);
  afterAll(() => checkout.remove());

  it.each(readdirSync(join(ROOT, 'sample')).filter((name) => /^\d/.test(name)))(
    '%s prints an address, and stops within two seconds of Ctrl-C',
    async (name) => {
      const program = checkout.start('npx', 'nest', 'start', name);
      const address = await program.printed(/\n\S.* (http:\S+?)\.? /);
      const response = await fetch(address);
      expect(response.status).toBeLessThan(500);
      // A connection whose response is not read is not idle, and Node waits for it when it closes the server.
      await response.text();
      expect(await program.end('SIGINT')).toBeLessThan(2000);
      await expect(fetch(address)).rejects.toThrow('fetch failed');
    },
    MINUTE,
  );
});
