/** The value below which the given share of the sorted values lies. */
export function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** Median, least and greatest of the values. */
export function summary(values) {
  const sorted = values.toSorted((one, two) => one - two);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
  return { median, least: sorted[0], most: sorted.at(-1) };
}

/**
 * The ratio of two series of results: computed for each round, since a disturbance affects both
 * sides of a round, then summarized.
 */
export function ratio(values, others) {
  return summary(values.map((value, round) => value / others[round]));
}
