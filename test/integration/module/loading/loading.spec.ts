import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const here = import.meta.dirname;

/** What the program prints in a process in which the packages cannot be found. */
async function printedWithout(packages: string, program: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    `--import=${here}/../../../support/processes/run-typescript.mjs`,
    `${here}/without-packages.ts`,
    packages,
    program,
  ]);
  return stdout.trim();
}

describe('the package', () => {
  it('can be imported without class-validator, @nestjs/axios, axios, undici and ws', async () => {
    const packages = 'class-validator,@nestjs/axios,axios,undici,ws';
    expect(await printedWithout(packages, 'import-package.ts')).toBe('function');
  });

  it('needs axios only where an application uses it, and says how to install it', async () => {
    const outcomes: unknown = JSON.parse(
      await printedWithout('@nestjs/axios,axios', 'start-app.ts'),
    );
    const missing = expect.stringContaining('Run: npm install @nestjs/axios axios');
    expect(outcomes).toEqual({ plain: 'arrived', injected: missing, configured: missing });
  });

  it('loads axios where an application uses it', async () => {
    const outcomes: unknown = JSON.parse(await printedWithout('not-a-package', 'start-app.ts'));
    expect(outcomes).toEqual({ plain: 'arrived', injected: 'arrived', configured: 'arrived' });
  });
});
