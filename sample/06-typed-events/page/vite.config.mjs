import { resolve } from 'node:path';
import { defineConfig } from 'vite';

// Started in the root of the repository, as the samples are.
export default defineConfig({
  build: { outDir: resolve('sample/dist/06-typed-events/page'), emptyOutDir: true },
  // Only in this repository: an application finds the package in its node_modules.
  resolve: { alias: { 'nestjs-pusher-channels/client': resolve('lib/client/index.ts') } },
});
