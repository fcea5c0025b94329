// Runs the bundled worker in workerd, as Cloudflare does: node workerd.mjs <bundle>
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { Miniflare } = createRequire(
  join(import.meta.dirname, '../../compat/runtimes/package.json'),
)('miniflare');
const { PUSHER_URL, PUSHER_ENCRYPTION_MASTER_KEY } = process.env;
const miniflare = new Miniflare({
  host: '127.0.0.1',
  port: 0,
  modules: [{ type: 'ESModule', path: process.argv[2] }],
  compatibilityDate: '2026-01-01',
  // The modules of Node that Nest and undici load beside those of `nodejs_compat`.
  compatibilityFlags: [
    'nodejs_compat',
    'experimental',
    'enable_nodejs_perf_hooks_module',
    'enable_nodejs_worker_threads_module',
    'enable_nodejs_http2_module',
    'enable_nodejs_sqlite_module',
  ],
  bindings: { PUSHER_URL, PUSHER_ENCRYPTION_MASTER_KEY },
});
const url = await miniflare.ready;
console.log(`listening on ${url.origin}`);
