import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';

const LIB = join(import.meta.dirname, '../../../lib');

describe('the client door in a bundle', () => {
  it('has under 2 kB, and no module of Node, Nest or another package', async () => {
    const { outputFiles, metafile } = await build({
      entryPoints: [join(LIB, 'client/index.ts')],
      absWorkingDir: LIB,
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      metafile: true,
      write: false,
      tsconfigRaw: {},
    });
    expect(
      Object.keys(metafile.inputs).filter((file) => !/^(?:client|events)\//.test(file)),
    ).toEqual([]);
    expect(outputFiles[0]?.contents.byteLength).toBeLessThan(2048);
  });

  it('has nothing of what is not used', async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: "export { socketIdHeaders } from './client/index.js'",
        resolveDir: LIB,
        loader: 'ts',
      },
      bundle: true,
      minify: true,
      format: 'esm',
      write: false,
      tsconfigRaw: {},
    });
    expect(outputFiles[0]?.contents.byteLength).toBeLessThan(300);
  });
});
