/** The share at the start that is not counted: code is compiled, connections are made. */
const WARM_UP = 0.25;

/** Differences that do not count as growth: half a MiB of heap, a few handles. */
const NOISE = { heap: 512 * 1024, handles: 8, connections: 8 };

function median(values) {
  const sorted = values.toSorted((one, two) => one - two);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Compares the first third after the warm-up with the last third. */
function growth(samples, name) {
  const warm = samples.slice(Math.floor(samples.length * WARM_UP)).map((sample) => sample[name]);
  const third = Math.max(1, Math.floor(warm.length / 3));
  const [before, after] = [median(warm.slice(0, third)), median(warm.slice(-third))];
  const allowed = Math.max(NOISE[name], before * 0.05);
  return { name, before, after, flat: after - before <= allowed };
}

/** Reports whether each figure stayed flat, and what was still open after the end. */
export function verdict(samples, left) {
  const figures = ['heap', 'handles', 'connections'].map((name) => growth(samples, name));
  const lines = figures.map(
    ({ name, before, after, flat }) => `${name}: ${before} → ${after}, ${flat ? 'flat' : 'GROWS'}`,
  );
  lines.push(left.length === 0 ? 'nothing left after the end' : `LEFT after the end: ${left}`);
  return { lines, flat: left.length === 0 && figures.every(({ flat }) => flat) };
}
