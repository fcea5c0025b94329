import { CONTENDERS } from './contenders/index.mjs';
import { ratio, summary } from './statistics.mjs';

/** A table as text: the first column is aligned left, the others right. */
function table(head, rows) {
  const cells = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const line = (row) =>
    row
      .map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join('   ');
  return [
    line(cells[0]),
    widths.map((width) => '─'.repeat(width)).join('───'),
    ...cells.slice(1).map(line),
  ].join('\n');
}

function whole(value) {
  return Math.round(value).toLocaleString('en-US').replaceAll(',', ' ');
}

/** Median with least and greatest. */
function spread(values, show) {
  const { median, least, most } = summary(values);
  return `${show(median)} (${show(least)}–${show(most)})`;
}

function fixed(digits) {
  return (value) => value.toFixed(digits);
}

function pick(samples, field) {
  return samples.map((sample) => sample[field]);
}

function loads(title, results) {
  const reference = pick(results.official, 'perSecond');
  const rows = Object.entries(results).map(([name, samples]) => [
    CONTENDERS[name].title,
    spread(pick(samples, 'perSecond'), whole),
    `${ratio(pick(samples, 'perSecond'), reference).median.toFixed(2)} ×`,
    spread(pick(samples, 'cpuMicroseconds'), fixed(0)),
    summary(pick(samples, 'p50')).median.toFixed(2),
    summary(pick(samples, 'p99')).median.toFixed(2),
  ]);
  const head = [title, 'events/s', 'vs official', 'CPU µs/event', 'p50 ms', 'p99 ms'];
  return table(head, rows);
}

function latencies(results) {
  const rows = Object.entries(results).map(([name, samples]) => [
    CONTENDERS[name].title,
    spread(pick(samples, 'p50'), fixed(3)),
    spread(pick(samples, 'p99'), fixed(3)),
  ]);
  return table(['1 in flight, in slices', 'p50 ms', 'p99 ms'], rows);
}

function calls(results) {
  const rows = Object.entries(results).map(([call, { official, ours }]) => [
    call,
    spread(official, whole),
    spread(ours, whole),
    `${ratio(ours, official).median.toFixed(2)} ×`,
  ]);
  return table(['calls/s', 'official', 'ours', 'vs official'], rows);
}

function rules(results) {
  const one = summary(results[1]).median;
  const rows = Object.entries(results).map(([count, values]) => [
    count,
    spread(values, whole),
    `${(summary(values).median / one).toFixed(2)} ×`,
  ]);
  return table(['channel rules', 'authorizations/s', 'vs 1 rule'], rows);
}

function memory(results, { first, last }) {
  const rows = Object.entries(results).map(([name, result]) => [
    CONTENDERS[name].title.trim(),
    result.first.used.toFixed(1),
    result.last.used.toFixed(1),
    result.last.rss.toFixed(0),
  ]);
  const head = ['MB in use after', `${whole(first)} events`, `${whole(last)} events`, 'RSS'];
  return table(head, rows);
}

function figures(rows) {
  const cells = rows.map(({ figure, median, least, most, wanted, met }) => [
    figure,
    `${median.toFixed(2)} × (${least.toFixed(2)}–${most.toFixed(2)})`,
    wanted,
    met ? 'yes' : 'NO',
  ]);
  return table(['promised', 'median (range)', 'wanted', 'met'], cells);
}

/** All tables, as text. */
export function report({ results, promised, settings }) {
  return [
    ...Object.entries(results.triggers).map(([callers, result]) =>
      loads(`${callers} in flight`, result),
    ),
    latencies(results.calm),
    ...Object.entries(results.payloads).map(([bytes, result]) =>
      loads(`128 in flight, ${whole(bytes)} bytes`, result),
    ),
    loads('128 in flight, 1 kB, encrypted', results.encrypted),
    calls(results.calls),
    rules(results.rules),
    memory(results.memory, settings.memoryEvents),
    figures(promised),
  ].join('\n\n');
}
