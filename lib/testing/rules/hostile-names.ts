import { ChannelPattern } from '../../protocol/channel-pattern.js';
import { hasChannelCharacters } from '../../protocol/names.js';

/** What an attacker may put where a rule expects an id; all of it is valid in a channel name. */
const HOSTILE_VALUES = `__proto__ constructor prototype toString hasOwnProperty valueOf
  null undefined true false NaN Infinity 0 -0 -1 00 0x0 1e0 99999999999999999999999999
  = @ , ; - _ -- 1,2 1;2 1=1 admin root id@example.com`.split(/\s+/);

/** Values with dots, which only a parameter for the rest of a name can have. */
const HOSTILE_RESTS = '. .. a..b .a a. 1.2 1.__proto__ ada@example.com.evil.example'.split(' ');

/** Turns a name into one that no server accepts but that a careless check allows. */
const DISTORTIONS: readonly ((name: string) => string)[] = [
  (name) => `${name}\n`,
  (name) => `x\n${name}`,
  (name) => `${name}\0`,
  (name) => `${name}\u2028`,
  (name) => `${name}%0a`,
  (name) => `${name}:1`,
  (name) => `${name}::user::{"id":"1"}`,
  (name) => ` ${name}`,
  (name) => `${name} `,
  (name) => `${name}/../x`,
  (name) => `${name}?x`,
  (name) => `${name}#x`,
  (name) => name.replace('-', '\uFF0D'),
  (name) => name.replace('e', '\u0435').replace('a', '\u0430'),
  (name) => `${name}${'a'.repeat(10_240)}`,
];

const KINDS = ['private-encrypted-', 'private-', 'presence-'] as const;

/**
 * The names to try against rules with these patterns: malformed names, names of another kind or with
 * other separators, and, for patterns with parameters that are not open to all values, names with values
 * that no resource has. A valid name that matches another rule is not an attack and is left out.
 */
export function hostileNames(patterns: readonly string[], open: readonly string[] = []): string[] {
  const parsed = patterns.map((pattern) => new ChannelPattern(pattern));
  const isMeant = (name: string): boolean =>
    hasChannelCharacters(name) && parsed.some((pattern) => pattern.match(name) !== undefined);
  const names = patterns.flatMap((pattern) => {
    const refused = malformed(pattern).filter((name) => !isMeant(name));
    return open.includes(pattern) ? refused : [...refused, ...suspicious(pattern)];
  });
  return [...new Set(names)];
}

function malformed(pattern: string): string[] {
  const valid = filled(pattern, '1');
  return [
    ...DISTORTIONS.map((distort) => distort(valid)),
    ...otherKinds(valid),
    ...['', '1.2', '.'].map((value) => filled(pattern, value)).filter((name) => name !== pattern),
    `${valid}.1`,
    valid.toUpperCase(),
    `#server-to-user-${valid}`,
  ];
}

function suspicious(pattern: string): string[] {
  const values = pattern.endsWith('...}') ? [...HOSTILE_VALUES, ...HOSTILE_RESTS] : HOSTILE_VALUES;
  return values.map((value) => filled(pattern, value)).filter((name) => name !== pattern);
}

function filled(pattern: string, value: string): string {
  return pattern.replaceAll(/\{[^}]*\}/g, () => value);
}

function otherKinds(name: string): string[] {
  const kind = KINDS.find((prefix) => name.startsWith(prefix)) ?? '';
  const rest = name.slice(kind.length);
  return ['', 'cache-', ...KINDS]
    .filter((prefix) => prefix !== kind)
    .map((prefix) => prefix + rest);
}
