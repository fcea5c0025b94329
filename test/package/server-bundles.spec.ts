import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PusherTestServer } from '../../lib/testing/index.js';
import { TARBALL, consumer, newFolder, run } from './packed.js';

const MINUTE = 60_000;
const MASTER_KEY = Buffer.alloc(32, 1).toString('base64');

/** What Nest loads if it is installed, which bundlers have to be told. */
const OPTIONAL = ['microservices', 'platform-express', 'websockets'].flatMap((name) => [
  `--external:@nestjs/${name}`,
  `--external:@nestjs/${name}/*`,
]);
const ESBUILD = ['--bundle', '--platform=node', ...OPTIONAL, '--external:class-transformer'];

/** An ES module of esbuild has no `require` for the CommonJS packages in it. */
const REQUIRE = `--banner:js=import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;

describe('an application in a bundle', () => {
  let server: PusherTestServer;
  beforeEach(async () => {
    server = await PusherTestServer.start();
  });
  afterEach(() => server.stop());

  /** Runs a file of a copied folder, from where no package can be found. */
  async function runAlone(folder: string, file: string): Promise<void> {
    const elsewhere = newFolder('bundle');
    cpSync(folder, elsewhere, { recursive: true });
    await runIn(elsewhere, file);
  }

  async function runIn(folder: string, file: string): Promise<void> {
    const settings = [`PUSHER_URL=${server.url}`, `PUSHER_ENCRYPTION_MASTER_KEY=${MASTER_KEY}`];
    const output = await run(folder, 'env', ...settings, 'node', file);
    expect(output.trim()).toBe('PusherValidationError');
    const events = server.published().map(({ event }) => event);
    expect(events).toEqual(['over.undici', 'over.axios']);
  }

  describe('of Nest 12', () => {
    let folder = '';
    const bundle = (...command: string[]): Promise<string> => run(folder, 'npx', ...command);
    beforeAll(async () => {
      folder = await consumer('nest12-bundled', TARBALL);
      await run(folder, 'npx', 'tsc', '-p', '.', '--outDir', 'compiled');
    }, 3 * MINUTE);

    it.each([
      ['CommonJS', 'main.cjs', []],
      ['minified CommonJS', 'main.cjs', ['--minify']],
      ['minified ES modules', 'main.mjs', ['--minify', '--format=esm', REQUIRE]],
    ])('sends events, and keeps the names of errors: esbuild, %s', async (_, file, options) => {
      await bundle('esbuild', 'compiled/main.js', ...ESBUILD, ...options, `--outfile=out/${file}`);
      await runAlone(join(folder, 'out'), file);
    });

    it(
      'sends events: ncc',
      async () => {
        await bundle('ncc', 'build', 'compiled/main.js', '-o', 'ncc');
        await runAlone(join(folder, 'ncc'), 'index.js');
      },
      2 * MINUTE,
    );

    it('sends events: nest build with rspack', async () => {
      await bundle('nest', 'build');
      await runIn(folder, 'dist/main.js');
    });
  });

  describe('of Nest 11', () => {
    let folder = '';
    beforeAll(async () => {
      folder = await consumer('nest11-bundled', TARBALL);
      const source = join(import.meta.dirname, 'apps/nest12-bundled/src');
      cpSync(source, join(folder, 'src'), { recursive: true });
    }, 3 * MINUTE);

    it(
      'sends events: nest build --webpack',
      async () => {
        await run(folder, 'npx', 'nest', 'build', '--webpack');
        await runIn(folder, 'dist/main.js');
      },
      2 * MINUTE,
    );

    it(
      'sends events: nest build --webpack, with all packages in the bundle',
      async () => {
        const config = ['--webpackPath', 'webpack.bundle.cjs'];
        await run(folder, 'npx', 'nest', 'build', '--webpack', ...config);
        await runAlone(join(folder, 'dist'), 'main.js');
      },
      3 * MINUTE,
    );
  });
});
