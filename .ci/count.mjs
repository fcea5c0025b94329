// Adds up jest's results. Says what failed, then, as the last line, how many passed and failed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const EXPECTED_SUITES = 6;
const [, , folder] = process.argv;
const files = readdirSync(folder);
const results = files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
const sum = (field) => results.reduce((total, result) => total + result[field], 0);

// A suite that could not be loaded, or left no result, has no failed test to its name.
const broken = sum('numRuntimeErrorTestSuites') + (EXPECTED_SUITES - files.length);
const failed = sum('numFailedTests') + broken;
const passed = sum('numPassedTests');

for (const { name, status, message } of results.flatMap(({ testResults }) => testResults))
  if (status === 'failed') console.log(`${name}\n${message}`);

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
