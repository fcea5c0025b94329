import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chart } from './cost/chart.mjs';
import { measureCost } from './cost/measure.mjs';
import { promisedCost } from './cost/promised.mjs';
import { costTables } from './cost/report.mjs';
import { measureDistance, SECTIONS } from './distance/measure.mjs';
import { promisedDistance } from './distance/promised.mjs';
import { distanceTables, levelSentence } from './distance/report.mjs';
import { isDisturbed, keepResults, knownResults, today } from './results.mjs';
import { textTable } from './tables.mjs';

const HELP = `npm run bench -- [options]

  --part <name>     distance or cost; both unless given
  --quick           shorter and fewer rounds: for a first impression, not for publishing
  --only <names>    only these sections of the distance part, separated by commas:
                    ${SECTIONS.join(', ')}
  --rounds <n>      number of rounds of which the median is taken
  --json [file]     writes all figures, to standard output unless there is a file; a file keeps the
                    figures of the part, and of the sections, that are not measured now
  --chart <file>    writes the chart of throughput against callers of the cost part, as SVG
`;

const PARTS = {
  distance: {
    settings: {
      rounds: 3,
      ms: 1000,
      oneCallerMs: 2500,
      oneCallerEvents: 120,
      rates: [200, 1000, 4000],
      openMs: 1500,
      longOpenMs: 15_000,
      startRounds: 5,
      endpointMs: 600,
      roundTripsMs: [0, 5, 20, 100],
      burstsAtMs: [20, 100],
      startsAtMs: [20, 100],
      tunnelsAtMs: 20,
    },
    quick: {
      rounds: 1,
      ms: 500,
      oneCallerMs: 800,
      oneCallerEvents: 10,
      rates: [200, 1000],
      openMs: 1000,
      longOpenMs: 3000,
      startRounds: 3,
      endpointMs: 300,
      roundTripsMs: [20, 100],
      burstsAtMs: [100],
      startsAtMs: [20],
    },
    measure: measureDistance,
    promised: promisedDistance,
    tables: distanceTables,
  },
  cost: {
    settings: { rounds: 7, ms: 1000, memoryEvents: { first: 10_000, last: 100_000 } },
    quick: { rounds: 3, ms: 250, memoryEvents: { first: 5000, last: 20_000 } },
    measure: measureCost,
    promised: promisedCost,
    tables: costTables,
  },
};

/** Allows `--json` without a value: the next argument is its value unless it is an option. */
function withJsonValue(args) {
  const at = args.indexOf('--json');
  if (at < 0 || args[at + 1]?.startsWith('-') === false) return args;
  return args.with(at, '--json=-');
}

const { values } = parseArgs({
  args: withJsonValue(process.argv.slice(2)),
  options: {
    part: { type: 'string', multiple: true, default: Object.keys(PARTS) },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string' },
    json: { type: 'string' },
    chart: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function settingsOf(part) {
  return {
    ...PARTS[part].settings,
    ...(values.quick && PARTS[part].quick),
    ...(values.rounds && { rounds: Number(values.rounds) }),
    ...(part === 'distance' && { sections: values.only?.split(',') ?? SECTIONS }),
  };
}

/** Fails early, before minutes have passed. */
function check(given, known) {
  const unknown = given.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Error(`${unknown} is not known. Use one of ${known.join(', ')}.`);
}

/** With `--only`, what the file of results has of the sections that are not measured now. */
function otherSections(part) {
  if (values.only === undefined || !values.json || values.json === '-') return {};
  return knownResults(values.json)[part]?.results ?? {};
}

function seconds(start) {
  return `${((performance.now() - start) / 1000).toFixed(0).padStart(4)} s`;
}

async function measure(part) {
  const settings = settingsOf(part);
  const { measure: measurePart, promised, tables } = PARTS[part];
  const start = performance.now();
  const circumstances = today();
  const log = (what) => process.stderr.write(`${seconds(start)} ${what}\n`);
  const results = { ...otherSections(part), ...(await measurePart(settings, log)) };
  log('done');
  const measured = { ...circumstances, settings, results, promised: promised(results) };
  return { measured, text: Object.values(tables(measured)).map(textTable).join('\n\n') };
}

if (values.help) {
  process.stdout.write(HELP);
} else {
  if (isDisturbed())
    process.stderr.write(
      'Other work is running on this machine. The figures will be unreliable.\n',
    );
  check(values.part, Object.keys(PARTS));
  check(values.only?.split(',') ?? [], SECTIONS);
  const all = {};
  const out = values.json === '-' ? process.stderr : process.stdout;
  for (const part of values.part) {
    const { measured, text } = await measure(part);
    all[part] = measured;
    out.write(`${text}\n\n`);
    if (measured.results.closed !== undefined) out.write(`${levelSentence(measured.results)}\n\n`);
  }
  if (values.json === '-') process.stdout.write(`${JSON.stringify(all)}\n`);
  else if (values.json !== undefined) keepResults(values.json, all);
  if (values.chart !== undefined && all.cost !== undefined)
    writeFileSync(values.chart, chart(all.cost.results.triggers));
}
