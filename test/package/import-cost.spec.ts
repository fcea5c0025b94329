import { beforeAll, describe, expect, it } from '@jest/globals';
import { TARBALL, consumer, run } from './packed.js';

const MINUTE = 60_000;
const MAX_OWN_MODULES = 160;

describe('importing the package into a process that has loaded Nest', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await consumer('nest12-imports', TARBALL);
  }, 3 * MINUTE);

  it.each(['esm.mjs', 'cjs.cjs'])(
    'loads a bounded number of modules, and no package that some applications do not use: %s',
    async (program) => {
      const loaded = JSON.parse(await run(folder, 'node', program)) as string[];
      const owners = loaded.map((module) => ownerOf(module)).filter((owner) => owner !== 'node');
      const own = owners.filter((owner) => owner === 'nestjs-pusher-channels');
      expect(own.length).toBeGreaterThan(0);
      expect(own.length).toBeLessThan(MAX_OWN_MODULES);
      // class-validator and undici are loaded when the module starts; axios and ws when they are used.
      expect(new Set(owners.filter((owner) => !owner.startsWith('@nestjs/')))).toEqual(
        new Set(['nestjs-pusher-channels', '@noble/ciphers']),
      );
      expect(owners).not.toContain('@nestjs/axios');
    },
    MINUTE,
  );
});

/** The package of a module, or `node`. */
function ownerOf(module: string): string {
  if (module.startsWith('node:')) return 'node';
  const [, owner = module] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(module) ?? [];
  return owner;
}
