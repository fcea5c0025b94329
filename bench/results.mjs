import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, platform } from 'node:os';

const PACKAGES = ['pusher', 'undici', '@nestjs/core', '@nestjs/platform-fastify'];

/** Whether other work takes CPU time from a contender, its server, or the way between them. */
export function isDisturbed() {
  return loadavg()[0] > availableParallelism() / 2;
}

/** When and with what something is measured; to be called before it is. */
export function today() {
  const require = createRequire(import.meta.url);
  const versionOf = (name) =>
    JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8')).version;
  return {
    date: new Date().toISOString().slice(0, 10),
    disturbed: isDisturbed(),
    machine: {
      cores: availableParallelism(),
      processor: cpus()[0]?.model ?? 'unknown',
      node: process.versions.node,
      system: platform(),
    },
    versions: Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])),
  };
}

/** The results in a file, if there is one. */
export function knownResults(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** Writes results to a file. It keeps the results of what was not measured now. */
export function keepResults(file, results) {
  writeFileSync(file, `${JSON.stringify({ ...knownResults(file), ...results }, rounded)}\n`);
}

/** Five digits are more than a measurement is worth. */
function rounded(_key, value) {
  return typeof value === 'number' && !Number.isInteger(value)
    ? Number(value.toPrecision(5))
    : value;
}
