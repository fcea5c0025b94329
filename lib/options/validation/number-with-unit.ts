/** How many of a unit the others are. */
const FACTORS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  milliseconds: { ms: 1, s: 1000, sec: 1000, m: 60_000, min: 60_000, h: 3_600_000 },
  bytes: { b: 1, k: 2 ** 10, kb: 2 ** 10, kib: 2 ** 10, m: 2 ** 20, mb: 2 ** 20, mib: 2 ** 20 },
};

/**
 * The number that a string with a unit or separators means, such as 5000 for `5s` in milliseconds;
 * `undefined` when that is not clear.
 * @param unit what the number counts
 */
export function numberWithUnit(text: string, unit: string): number | undefined {
  const [, digits, suffix = ''] =
    /^([0-9][0-9_]*(?:\.[0-9]+)?) ?([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = suffix === '' ? 1 : FACTORS[unit]?.[suffix.toLowerCase()];
  if (digits === undefined || factor === undefined) return undefined;
  const number = Number(digits.replaceAll('_', '')) * factor;
  return Number.isInteger(number) ? number : undefined;
}
