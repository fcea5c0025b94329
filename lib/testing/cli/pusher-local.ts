#!/usr/bin/env node
import { run } from './run.js';

const end = new Promise<void>((resolve) => {
  // A second Ctrl-C has no listener and ends the process at once.
  process.once('SIGINT', resolve).once('SIGTERM', resolve);
  // Nobody reads the output any more, as after `| head`.
  process.stdout.on('error', () => resolve());
});

void run({
  argv: process.argv.slice(2),
  env: process.env,
  isTerminal: process.stdout.isTTY,
  print: (line) => process.stdout.write(`${line}\n`),
  printError: (line) => process.stderr.write(`${line}\n`),
  end,
}).then((code) => {
  process.exitCode = code;
});
