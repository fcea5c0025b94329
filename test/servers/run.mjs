// `npm run test:servers`: runs the tests against sockudo where it is installed, and says so where it is not.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const folders = (process.env.PATH ?? '').split(delimiter);
const candidates = [process.env.SOCKUDO_BIN, ...folders.map((folder) => join(folder, 'sockudo'))];
const sockudo = candidates.find((path) => path !== undefined && isExecutable(path));

if (sockudo === undefined) {
  console.log(`not run: there is no sockudo on the PATH, and SOCKUDO_BIN does not name one.
Build it with Rust, and Debian's protobuf-compiler and libprotobuf-dev:
  cargo install sockudo --no-default-features --features local`);
} else {
  const jest = ['run', '--silent', 'jest', '--', '--config', 'jest.servers.config.mjs'];
  const { status } = spawnSync('npm', [...jest, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, SOCKUDO_BIN: sockudo },
  });
  process.exitCode = status ?? 1;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
