import { CONTENDERS } from '../contenders/index.mjs';
import { summary } from '../statistics.mjs';

const WIDTH = 780;
const HEIGHT = 440;
const PLOT = { left: 64, right: 560, top: 40, bottom: 380 };
const LABEL_HEIGHT = 18;
/** Distinguishable for people who confuse red and green, on white and on black. */
const COLOURS = {
  batching: '#0072b2',
  ours: '#4aa8de',
  bare: '#8a8a8a',
  intercepted: '#a17fd6',
  official: '#b8741a',
};
const STYLE = `text{font:13px system-ui,sans-serif;fill:#333}.grid{stroke:#ddd}.line{fill:none;stroke-width:2.5}
@media (prefers-color-scheme:dark){text{fill:#ddd}.grid{stroke:#444}}`;

/** The SVG chart of throughput against callers. Both axes are logarithmic: equal steps are equal factors. */
export function chart(triggers) {
  const callers = Object.keys(triggers).map(Number);
  const names = Object.keys(COLOURS);
  const rate = (name, count) =>
    summary(triggers[count][name].map(({ perSecond }) => perSecond)).median;
  const rates = names.flatMap((name) => callers.map((count) => rate(name, count)));
  const marks = marksAround(Math.min(...rates), Math.max(...rates));
  const x = scale([callers[0], callers.at(-1)], [PLOT.left, PLOT.right]);
  const y = scale([marks[0], marks.at(-1)], [PLOT.bottom, PLOT.top]);
  const label = ({ name, at }) =>
    `<text x="${PLOT.right + 10}" y="${at + 4}" style="fill:${COLOURS[name]}">${CONTENDERS[name].title.trim()}</text>`;
  const lines = [
    ...marks.map((mark) => gridLine(mark, y(mark))),
    ...callers.map(
      (count) =>
        `<text x="${x(count)}" y="${PLOT.bottom + 20}" text-anchor="middle">${count}</text>`,
    ),
    ...names.map((name) => {
      const points = callers.map((count) => `${x(count)},${y(rate(name, count))}`).join(' ');
      return `<polyline class="line" stroke="${COLOURS[name]}" points="${points}"/>`;
    }),
    ...spreadOut(names.map((name) => ({ name, at: y(rate(name, callers.at(-1))) }))).map(label),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Events per second against callers in flight">
<style>${STYLE}</style>
<text x="${PLOT.left}" y="20">events per second</text>
<text x="${PLOT.right}" y="${PLOT.bottom + 44}" text-anchor="end">callers in flight</text>
${lines.join('\n')}
</svg>
`;
}

function gridLine(rate, y) {
  return (
    `<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${y}" y2="${y}"/>` +
    `<text x="${PLOT.left - 8}" y="${y + 4}" text-anchor="end">${rate.toLocaleString('en-US')}</text>`
  );
}

/** Maps values to positions so that equal factors are equal distances. */
function scale([least, most], [from, to]) {
  return (value) => {
    const share = Math.log(value / least) / Math.log(most / least);
    return Math.round((from + share * (to - from)) * 10) / 10;
  };
}

/** 1, 2 and 5 times powers of ten, from the last one below the least to the first above the most. */
function marksAround(least, most) {
  const marks = [];
  for (let power = 10 ** Math.floor(Math.log10(least)); power <= most; power *= 10)
    marks.push(power, 2 * power, 5 * power, 10 * power);
  const distinct = [...new Set(marks)];
  const from = distinct.findLastIndex((mark) => mark <= least);
  return distinct.slice(from, distinct.findIndex((mark) => mark >= most) + 1);
}

/** Moves labels apart that would overlap. */
function spreadOut(labels) {
  let floor = Infinity;
  return labels
    .toSorted((one, two) => two.at - one.at)
    .map((label) => {
      floor = Math.min(label.at, floor - LABEL_HEIGHT);
      return { ...label, at: floor };
    });
}
