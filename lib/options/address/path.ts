/**
 * Whether the value is a path that arrives as it was written: without `.` and `..`, encoded or not, which
 * HTTP clients resolve, and without what ends a path. The first and the last slash may be left out.
 */
export function isPlainPath(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  if (value === '' || value === '/') return true;
  const segments = value.replace(/^\/|\/$/g, '').split('/');
  return segments.every(
    (segment) =>
      /^(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+$/.test(segment) &&
      !/^(?:\.|%2e){1,2}$/i.test(segment),
  );
}

/** The path with a slash before it and none behind it; empty when there is none. */
export function withLeadingSlash(path: string): string {
  const bare = path.replace(/^\/+|\/+$/g, '');
  return bare === '' ? '' : `/${bare}`;
}
