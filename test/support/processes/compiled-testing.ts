import {
  mkdtempSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { transformSync } from '@swc/core';

const PARTS = [
  'errors',
  'protocol',
  'runtime/clock.ts',
  'testing/server',
  'testing/cli',
  'testing/sign-webhook.ts',
];

/** Compiles the testing entry point to JavaScript in a new folder, for tests of real processes. */
export function compileTesting(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'pusher-local-'));
  for (const part of PARTS) compile(part, folder);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

function compile(path: string, folder: string): void {
  if (!path.endsWith('.ts')) {
    for (const name of readdirSync(join('lib', path))) compile(join(path, name), folder);
    return;
  }
  const { code } = transformSync(readFileSync(join('lib', path), 'utf8'), {
    swcrc: false,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
  });
  const target = join(folder, path.replace(/\.ts$/, '.js'));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, code);
}
