/**
 * A name as messages show it: cut, and as JSON, so that line breaks and control characters in it
 * cannot forge lines in a log.
 * @param shown how many characters are shown at most
 */
export function quoted(name: string, shown = 60): string {
  return JSON.stringify(name.length > shown ? `${name.slice(0, shown)}…` : name);
}
