import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { costTables } from './cost/report.mjs';
import { distanceTables, levelSentence } from './distance/report.mjs';
import { peersTable } from './peers/report.mjs';
import { readmeTable } from './readme-table.mjs';
import { markdownTable } from './tables.mjs';

/**
 * npm run bench:page -- [bench/results.json]
 *
 * Writes the figures of a file of results into docs/benchmark.md and README.md. There, each block of
 * figures stands between two comments, the first of which has its name.
 */

const ROOT = join(import.meta.dirname, '..');
const PAGES = ['docs/benchmark.md', 'README.md'];
const BLOCK = /(<!-- figures: (?<name>[\w-]+) -->\n)[^]*?(<!-- \/figures -->)/g;

const results = JSON.parse(
  readFileSync(process.argv[2] ?? join(import.meta.dirname, 'results.json'), 'utf8'),
);

function longDate(iso) {
  return new Date(iso).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
}

/** When, where and with what a part was measured. */
function circumstances({ date, machine, versions, settings, disturbed }) {
  const software = Object.entries(versions).map(([name, version]) => `\`${name}\` ${version}`);
  const { rounds, ms } = settings;
  const length =
    rounds === 1 ? `One round of ${ms} ms.` : `Median of ${rounds} rounds of ${ms} ms.`;
  return [
    `${longDate(date)}; ${machine.cores} cores (${machine.processor}); Node ${machine.node} on ${machine.system}; ${software.join(', ')}.`,
    length,
    ...(disturbed ? ['Other work was running on the machine: a first impression only.'] : []),
  ].join(' ');
}

function blocks({ cost, distance, peers }) {
  return {
    ...(distance && {
      ...tables(distanceTables(distance)),
      'distance-when': circumstances(distance),
      'distance-level': levelSentence(distance.results),
    }),
    ...(cost && { ...tables(costTables(cost)), 'cost-when': circumstances(cost) }),
    ...(peers && {
      ...tables({ peers: peersTable(peers) }),
      'peers-when': `${circumstances(peers)} Toolchains: ${peers.toolchains.join(', ')}.`,
    }),
    ...(distance &&
      cost && {
        readme: `${markdownTable(readmeTable(distance, cost))}\n\n${circumstances(distance)}`,
      }),
  };
}

function tables(byName) {
  return Object.fromEntries(
    Object.entries(byName).map(([name, table]) => [name, markdownTable(table)]),
  );
}

const figures = blocks(results);
for (const page of PAGES) {
  const file = join(ROOT, page);
  const filled = readFileSync(file, 'utf8').replace(BLOCK, (block, start, name, end) => {
    if (figures[name] !== undefined) return `${start}\n${figures[name]}\n\n${end}`;
    process.stderr.write(`${page}: no results for ${name}\n`);
    return block;
  });
  const config = await resolveConfig(file);
  writeFileSync(file, await format(filled, { ...config, filepath: file }));
}
