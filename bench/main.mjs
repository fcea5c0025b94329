import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, platform } from 'node:os';
import { parseArgs } from 'node:util';
import { chart } from './chart.mjs';
import { judged } from './judged.mjs';
import { measure } from './measure.mjs';
import { report } from './report.mjs';

const HELP = `npm run bench -- [options]

  --quick           shorter and fewer rounds: for a first impression, not for publishing
  --json [file]     writes all figures, to standard output unless there is a file
  --chart <file>    writes the chart of throughput against callers, as SVG
`;

/** Allows `--json` without a value: the next argument is its value unless it is an option. */
function withJsonValue(args) {
  const at = args.indexOf('--json');
  if (at < 0 || args[at + 1]?.startsWith('-') === false) return args;
  return args.with(at, '--json=-');
}

const { values } = parseArgs({
  args: withJsonValue(process.argv.slice(2)),
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    chart: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(HELP);
} else {
  const settings = values.quick
    ? { roundCount: 3, ms: 250, memoryEvents: { first: 5000, last: 20_000 } }
    : { roundCount: 7, ms: 1000, memoryEvents: { first: 10_000, last: 100_000 } };
  const machine = { cores: availableParallelism(), node: process.version, system: platform() };
  // The server and one contender work at a time; any other work takes CPU from one of them.
  if (loadavg()[0] > machine.cores / 2)
    process.stderr.write(
      'Other work is running on this machine. The figures will be unreliable.\n',
    );
  const date = new Date().toISOString().slice(0, 10);
  const results = await measure(settings, (what) => process.stderr.write(`… ${what}\n`));
  const promised = judged(results);
  const figures = `${JSON.stringify({ date, machine, settings, promised, results }, null, 2)}\n`;
  const tables =
    `${date}, ${machine.cores} cores, Node ${machine.node} on ${machine.system}, ` +
    `${settings.roundCount} rounds of ${settings.ms} ms\n\n${report({ results, promised, settings })}\n`;
  if (values.json === '-') {
    process.stderr.write(tables);
    process.stdout.write(figures);
  } else {
    process.stdout.write(tables);
    if (values.json !== undefined) writeFileSync(values.json, figures);
  }
  if (values.chart !== undefined) writeFileSync(values.chart, chart(results.triggers));
}
