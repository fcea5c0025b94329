import { CONTENDERS } from './contenders/index.mjs';
import { summary } from './statistics.mjs';

const WIDTH = 760;
const HEIGHT = 420;
const PLOT = { left: 70, right: 560, top: 40, bottom: 360 };
/** Told apart by people who confuse red and green, on white and on black. */
const COLOURS = {
  official: '#b07d2b',
  keepAlive: '#d9a94f',
  bare: '#8a8a8a',
  intercepted: '#9a7bd0',
  ours: '#3f8fd2',
  batching: '#1f77b4',
};
const STYLE = `text{font:13px system-ui,sans-serif;fill:#333}.grid{stroke:#ddd}.line{fill:none;stroke-width:2.5}
@media (prefers-color-scheme:dark){text{fill:#ddd}.grid{stroke:#444}}`;

/** The SVG chart of throughput against callers. */
export function chart(triggers) {
  const callers = Object.keys(triggers).map(Number);
  const names = Object.keys(COLOURS);
  const median = (name, count) =>
    summary(triggers[count][name].map(({ perSecond }) => perSecond)).median;
  const most = Math.max(...names.flatMap((name) => callers.map((count) => median(name, count))));
  const step = niceStep(most);
  const top = Math.ceil(most / step) * step;
  const x = (count) =>
    scale(Math.log(count), Math.log(Math.max(...callers)), PLOT.left, PLOT.right);
  const y = (rate) => scale(rate, top, PLOT.bottom, PLOT.top);
  const marks = Array.from({ length: top / step + 1 }, (_, at) => at * step);
  const grid = marks.map(
    (rate) =>
      `<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${y(rate)}" y2="${y(rate)}"/>` +
      `<text x="${PLOT.left - 8}" y="${y(rate) + 4}" text-anchor="end">${rate / 1000}k</text>`,
  );
  const ticks = callers.map(
    (count) => `<text x="${x(count)}" y="${PLOT.bottom + 20}" text-anchor="middle">${count}</text>`,
  );
  const lines = names.map((name) => {
    const points = callers.map((count) => `${x(count)},${y(median(name, count))}`).join(' ');
    return `<polyline class="line" stroke="${COLOURS[name]}" points="${points}"/>`;
  });
  const last = callers.at(-1);
  const labels = spreadOut(names.map((name) => ({ name, at: y(median(name, last)) }))).map(
    ({ name, at }) =>
      `<text x="${PLOT.right + 10}" y="${at + 4}" style="fill:${COLOURS[name]}">${CONTENDERS[name].title.trim()}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Events per second against callers in flight">
<style>${STYLE}</style>
<text x="${PLOT.left}" y="20">events per second</text>
<text x="${PLOT.right}" y="${PLOT.bottom + 42}" text-anchor="end">callers in flight</text>
${[...grid, ...ticks, ...lines, ...labels].join('\n')}
</svg>
`;
}

function scale(value, most, from, to) {
  return Math.round((from + (value / most) * (to - from)) * 10) / 10;
}

/** 1, 2 or 5 times a power of ten, so that four to ten lines fit. */
function niceStep(most) {
  const power = 10 ** Math.floor(Math.log10(most / 4));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => most / step <= 8);
}

/** Moves labels apart that would lie on one another. */
function spreadOut(labels) {
  const sorted = labels.toSorted((one, two) => two.at - one.at);
  let floor = Infinity;
  return sorted.map((label) => {
    floor = Math.min(label.at, floor - 17);
    return { ...label, at: floor };
  });
}
