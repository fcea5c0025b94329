import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = join(import.meta.dirname, '../../../docs/servers.md');

/** Only the table that compares servers has as many columns. */
const COLUMNS = 5;

/** The cells of one column of the table in docs/servers.md, by the first cell of their row. */
export function columnOf(server: string): Map<string, string> {
  const rows = readFileSync(PAGE, 'utf8')
    .split('\n')
    .filter((line) => line.split('|').length === COLUMNS + 2)
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const column = rows[0]?.indexOf(server) ?? -1;
  if (column < 0) throw new Error(`docs/servers.md has no column "${server}"`);
  return new Map(rows.slice(2).map((cells) => [cells[1] ?? '', cells[column] ?? '']));
}
