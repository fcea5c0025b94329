import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const TESTS = join(import.meta.dirname, '../../sample/04-testing/test');

// The sample consists of its tests, so they run here unchanged.
for (const file of readdirSync(TESTS)) await import(join(TESTS, file));

describe('sample 04', () => {
  it('tests an event and a webhook in fewer than 15 lines', () => {
    const lines = readFileSync(join(TESTS, 'wire.spec.ts'), 'utf8').split('\n');
    const [from, to] = [lines.findIndex((line) => line.startsWith('it(')), lines.indexOf('});')];
    expect(from).toBeGreaterThan(0);
    expect(to - from + 1).toBeLessThan(15);
  });
});
