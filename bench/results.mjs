import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, platform } from 'node:os';

const PACKAGES = ['pusher', 'undici', '@nestjs/core', '@nestjs/platform-fastify'];

/** When and with what something was measured. */
export function today() {
  const require = createRequire(import.meta.url);
  const versionOf = (name) =>
    JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8')).version;
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: {
      cores: availableParallelism(),
      processor: cpus()[0]?.model ?? 'unknown',
      node: process.versions.node,
      system: platform(),
    },
    versions: Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])),
  };
}

/** Writes results to a file. It keeps the results of what was not measured now. */
export function keepResults(file, results) {
  const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  writeFileSync(file, `${JSON.stringify({ ...known, ...results }, rounded)}\n`);
}

/** Five digits are more than a measurement is worth. */
function rounded(_key, value) {
  return typeof value === 'number' && !Number.isInteger(value)
    ? Number(value.toPrecision(5))
    : value;
}
