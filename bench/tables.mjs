import { summary } from './statistics.mjs';

/** A table as text: the first column is aligned left, the others right. */
export function textTable({ title, head, rows }) {
  const cells = [head, ...rows].map((row) => row.map((cell) => plain(String(cell))));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const line = (row) =>
    row
      .map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join('   ');
  return [
    plain(title),
    line(cells[0]),
    widths.map((width) => '─'.repeat(width)).join('───'),
    ...cells.slice(1).map(line),
  ].join('\n');
}

function plain(cell) {
  return cell.replaceAll(/[`*]/g, '');
}

/** A table as Markdown. */
export function markdownTable({ head, rows }) {
  const line = (row) => `| ${row.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The values of one field of samples. */
export function pick(samples, field) {
  return samples.map((sample) => sample[field]);
}

/** The median of one field of samples. */
export function medianOf(samples, field) {
  return summary(pick(samples, field)).median;
}

export function whole(value) {
  return Math.round(value).toLocaleString('en-US').replaceAll(',', ' ');
}

/** Two significant digits where a decision may depend on them, at most two decimals. */
export function times(value) {
  if (value >= 10) return `${value.toFixed(0)} ×`;
  return `${value.toFixed(value >= 2 ? 1 : 2)} ×`;
}

/** Milliseconds: tenths below ten. */
export function millis(value) {
  return value < 10 ? value.toFixed(1) : whole(value);
}

/** The ratio with its range over the rounds. */
export function timesWithRange({ median, least, most }) {
  return `${times(median)} (${times(least).replace(' ×', '')}–${times(most).replace(' ×', '')})`;
}
