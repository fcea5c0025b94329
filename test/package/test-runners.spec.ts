import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { TARBALL, consumer, run } from './packed.js';

const MINUTES = 60_000;
const FAILING = join(import.meta.dirname, 'apps/nest11-runners/failing.test.ts');

/** The tests of failing.test.ts: what is printed for each, and the line that it leads to. */
const FAILURES = [
  [
    'an event that was not triggered',
    [
      'PusherAssertionError: Event "order.refunded" on "private-orders.7" was not triggered.',
      'Triggered:',
      "order.paid on private-orders.7: { id: '7' }",
    ],
    'pusher.assertTriggered(',
  ],
  [
    'a channel that is refused',
    ['PusherAssertionError: "private-orders.7" was refused: '],
    '.expectAllowed(',
  ],
  [
    'a wait that takes too long',
    ['Timed out after 20 ms waiting for the event "order.paid". Published: none.'],
    'server.nextPublished(',
  ],
] as const;

describe('the packed tarball', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await consumer('nest11-runners', TARBALL);
  }, 5 * MINUTES);

  describe.each([
    ['Jest', ['jest', '--ci']],
    ['Vitest', ['vitest', 'run', '--globals']],
  ])('with %s', (_name, command) => {
    let output = '';

    beforeAll(async () => {
      output = stripVTControlCharacters(await run(folder, 'npx', ...command).catch(String));
    }, 2 * MINUTES);

    it('works with fake timers and in jsdom, and fails where it should', () => {
      expect(output).toMatch(/^ *Tests:? +3 failed[ ,|]+12 passed/m);
    });

    it.each(FAILURES)('says what is wrong, and where: %s', (title, lines, code) => {
      const report = reportOf(title, output);
      for (const line of lines) expect(report).toContain(line);
      expect(report).not.toContain('undefined');
      expect(report).toContain(`failing.test.ts:${lineOf(code)}:`);
    });
  });
});

describe('the packed tarball with Nest 12', () => {
  // Jest 30 cannot require the ES modules of Nest 12, so the package has to lead `import` to its own.
  it(
    'works in Jest as ES modules',
    async () => {
      const folder = await consumer('nest12-jest', TARBALL);
      const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--ci'];
      await expect(run(folder, 'node', ...jest)).resolves.toBe('');
    },
    2 * MINUTES,
  );
});

/** What a runner prints about a test that failed, below its heading. */
function reportOf(title: string, output: string): string {
  const reports = output.split(/^ *(?:●|FAIL) /m);
  return reports.find((report) => report.split('\n')[0]?.endsWith(title)) ?? '';
}

function lineOf(code: string): number {
  const lines = readFileSync(FAILING, 'utf8').split('\n');
  return lines.findIndex((line) => line.includes(code)) + 1;
}
