import { medianOf, whole } from '../tables.mjs';

const TITLES = {
  official: '`pusher`',
  ours: 'this package',
  batching50: 'this package with batching, 50 channels',
  rust: 'the Rust crate `pusher`',
  go: 'the Go SDK `pusher-http-go`',
};

export function peersTable({ results, settings }) {
  const distances = Object.keys(results);
  const names = Object.keys(TITLES).filter((name) => name in results[distances[0]]);
  return {
    title: `Events per second, ${settings.callers} callers`,
    head: ['', ...distances.map((ms) => `${ms} ms away`)],
    rows: names.map((name) => [
      TITLES[name],
      ...distances.map((ms) => whole(medianOf(results[ms][name], 'perSecond'))),
    ]),
  };
}
