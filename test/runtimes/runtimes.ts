import { join } from 'node:path';
import { ROOT } from '../package/packed.js';

/** Where the runtimes are installed. */
const INSTALLED = join(ROOT, 'compat/runtimes/node_modules');

/** What an application runs in. */
export interface Runtime {
  /** As the tables of the documentation call it. */
  readonly name: string;
  /** Starts the application in its folder. */
  readonly command: readonly string[];
  /** Whether the application has no server of its own. */
  readonly isWorker?: boolean;
}

/** The bundle for workerd, in the folder of the application. */
export const BUNDLE = 'worker.mjs';

export const RUNTIMES: readonly Runtime[] = [
  ...[20, 22, 24].map((version) => ({
    name: `Node ${version}`,
    command: [join(INSTALLED, `node${version}/bin/node`), 'dist/main.js'],
  })),
  { name: 'Bun 1.4', command: [join(INSTALLED, '.bin/bun'), 'dist/main.js'] },
  {
    name: 'Deno 2.9',
    command: [
      join(INSTALLED, '.bin/deno'),
      'run',
      '-A',
      '--node-modules-dir=manual',
      'dist/main.js',
    ],
  },
  {
    name: "Cloudflare's workerd",
    command: [process.execPath, join(import.meta.dirname, 'workerd.mjs'), BUNDLE],
    isWorker: true,
  },
];

/** What is tested in each of them, as the tables of the documentation call it. */
export const CAPABILITIES = [
  'trigger',
  'batch',
  'encrypted trigger',
  'query',
  'authorization',
  'webhook',
  'shutdown',
] as const;

export type Capability = (typeof CAPABILITIES)[number];
