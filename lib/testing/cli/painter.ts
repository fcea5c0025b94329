/** Paints a text, or leaves it as it is. */
export type Painter = (colour: Colour, text: string) => string;

export type Colour = keyof typeof CODES;

const CODES = { dim: 2, bold: 1, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 };

/** Colours are for people who look at a terminal and have not asked for none (no-color.org). */
export function painterFor(isTerminal: boolean, env: Readonly<NodeJS.ProcessEnv>): Painter {
  const wanted = isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  return wanted
    ? (colour, text) => `\u001B[${CODES[colour]}m${text}\u001B[0m`
    : (_colour, text) => text;
}
