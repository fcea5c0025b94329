import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { Place } from '../distance/place.mjs';
import { startServer, TRUSTED_AUTHORITY } from '../processes.mjs';
import { keepResults, today } from '../results.mjs';
import { rounds } from '../rounds.mjs';
import { textTable } from '../tables.mjs';
import { peersTable } from './report.mjs';

/**
 * npm run bench:peers -- [--rounds 3] [--ms 1000] [--json file]
 *
 * Builds a client in Rust and one in Go, with the libraries for Pusher of those languages, and
 * measures them beside this package. What is built goes to the temporary folder of the system.
 */

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    ms: { type: 'string', default: '1000' },
    json: { type: 'string' },
  },
});

const exec = promisify(execFile);
const CALLERS = 128;
const ROUND_TRIPS_MS = [0, 20];
const OUTPUT = join(tmpdir(), 'pusher-peers');

/** How each peer is built, and the program that results. */
const PEERS = {
  rust: {
    version: ['cargo', '--version'],
    build: ['cargo', 'build', '--release', '--target-dir', OUTPUT],
    program: join(OUTPUT, 'release/pusher-peer'),
  },
  go: {
    version: ['go', 'version'],
    build: ['go', 'build', '-o', join(OUTPUT, 'go-peer'), '.'],
    program: join(OUTPUT, 'go-peer'),
  },
};

/** Builds a peer. Without its toolchain there is nothing to measure. */
async function build(name) {
  const {
    version,
    build: [command, ...args],
    program,
  } = PEERS[name];
  const toolchain = await exec(version[0], version.slice(1)).catch(() => undefined);
  if (toolchain === undefined) {
    process.stderr.write(`${version[0]} is not installed: ${name} is left out\n`);
    return [];
  }
  process.stderr.write(`… building for ${name}\n`);
  await exec(command, args, { cwd: join(import.meta.dirname, name) });
  return [{ name, program, toolchain: toolchain.stdout.trim() }];
}

/** A peer as `rounds` takes it: a process for each round, which prints its events per second. */
function contender({ name, program }, place) {
  return {
    name,
    async run(_task, { callers, warmUpMs, ms }) {
      const { stdout } = await exec(program, {
        env: {
          ...process.env,
          SSL_CERT_FILE: TRUSTED_AUTHORITY,
          PORT: place.target.port,
          CALLERS: callers,
          WARM_UP_MS: warmUpMs,
          MS: ms,
        },
      });
      return { perSecond: Number(stdout) };
    },
  };
}

const circumstances = today();
const peers = [...(await build('rust')), ...(await build('go'))];
const server = await startServer('servers/distant.mjs', { useTLS: true });
const results = {};
for (const roundTripMs of ROUND_TRIPS_MS) {
  process.stderr.write(`… ${roundTripMs} ms\n`);
  const place = await Place.at(server, roundTripMs);
  const workers = {};
  for (const name of ['official', 'ours', 'batching'])
    workers[name] = await place.startWorker(name);
  const contenders = [
    ...place.contenders(workers, ['official', 'ours', 'batching50']),
    ...peers.map((peer) => contender(peer, place)),
  ];
  results[roundTripMs] = await rounds(contenders, Number(values.rounds), 'closedLoop', {
    callers: CALLERS,
    // Long enough for a program that has just started to have all its connections.
    warmUpMs: 10 * roundTripMs + 500,
    ms: Number(values.ms),
  });
  for (const worker of Object.values(workers)) worker.stop();
  place.stop();
}
server.stop();
const measured = {
  ...circumstances,
  toolchains: peers.map(({ toolchain }) => toolchain),
  settings: { rounds: Number(values.rounds), ms: Number(values.ms), callers: CALLERS },
  results,
};
process.stdout.write(`${textTable(peersTable(measured))}\n`);
if (values.json !== undefined) keepResults(values.json, { peers: measured });
