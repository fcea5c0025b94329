import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const here = import.meta.dirname;

it('PusherAuthController is throttled by @nestjs/throttler, each app separately', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    `--import=${here}/../../support/processes/run-typescript.mjs`,
    `${here}/throttled-app.ts`,
  ]);
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    ['Express', 200, 200, 429, 200],
    ['Fastify', 200, 200, 429, 200],
  ]);
}, 30_000);
