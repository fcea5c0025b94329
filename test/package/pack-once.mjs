import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Builds and packs the project once for all test files, since each build replaces `dist`. */
export default function setup() {
  const folder = mkdtempSync(join(tmpdir(), 'package-'));
  // The applications of the tests are made in this folder, too.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const report = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  process.env['PACKAGE_FOLDER'] = folder;
  process.env['PACKAGE_TARBALL'] = join(folder, report.trim().split('\n').at(-1));
}
