import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { RuleTable } from '../../../../lib/auth/rules/rule-table.js';
import { ChannelPattern } from '../../../../lib/protocol/channel-pattern.js';

const entry = (text: string) => ({ pattern: new ChannelPattern(text) });
const table = (...texts: string[]) => new RuleTable(texts.map(entry));
const thousand = (text: (at: number) => string) =>
  table(...Array.from({ length: 1000 }, (_, at) => text(at)));
const find = (rules: RuleTable<ReturnType<typeof entry>>, name: string) => {
  const found = rules.find(name);
  return found && [found.entry.pattern.text, { ...found.params }];
};

describe('RuleTable', () => {
  const rules = table(
    'private-orders.{id}',
    'private-orders.special',
    'private-orders.{id}.lines.{line}',
    'private-user-{id}',
    'private-{team}-board.x',
    'private-encrypted-orders.{id}',
    'presence-orders.{id}',
    'private-a.b',
    'private-mail-{address...}',
    'private-mail-all',
    'private-files.{owner}.{path...}',
  );

  it.each<[string, unknown]>([
    ['private-orders.7', ['private-orders.{id}', { id: '7' }]],
    ['private-orders.special', ['private-orders.special', {}]],
    ['private-orders.7.lines.1', ['private-orders.{id}.lines.{line}', { id: '7', line: '1' }]],
    ['private-user-7', ['private-user-{id}', { id: '7' }]],
    ['private-red-board.x', ['private-{team}-board.x', { team: 'red' }]],
    ['private-encrypted-orders.7', ['private-encrypted-orders.{id}', { id: '7' }]],
    ['presence-orders.7', ['presence-orders.{id}', { id: '7' }]],
    ['private-a.b', ['private-a.b', {}]],
    ['private-mail-a@b.c', ['private-mail-{address...}', { address: 'a@b.c' }]],
    ['private-mail-all', ['private-mail-all', {}]],
    ['private-mail-', undefined],
    ['private-mail', undefined],
    [
      'private-files.ada.a.b.c',
      ['private-files.{owner}.{path...}', { owner: 'ada', path: 'a.b.c' }],
    ],
    ['private-files.ada', undefined],
    ['private-files.ada.', undefined],
    ['private-encrypted-user-7', undefined],
    ['presence-user-7', undefined],
    ['presence-a.b', undefined],
    ['private-orders.7.8', undefined],
    ['private-orders.', undefined],
    ['private-orders', undefined],
    ['orders.7', undefined],
    ['__proto__', undefined],
    ['', undefined],
  ])('finds for %s the rule %j', (name, found) => expect(find(rules, name)).toEqual(found));

  it.each<[string[], string, unknown]>([
    [['private-a{x}.b', 'private-{y}.c'], 'private-a1.c', ['private-{y}.c', { y: 'a1' }]],
    [['private-{y}.c', 'private-a{x}.b'], 'private-a1.b', ['private-a{x}.b', { x: '1' }]],
    [
      ['private-a{x}.{z}.b', 'private-{y}.{z}.c'],
      'private-a1.2.c',
      ['private-{y}.{z}.c', { y: 'a1', z: '2' }],
    ],
  ])(
    'with %j returns for %s only the parameters of the pattern that matches',
    (texts, name, found) => {
      expect(find(table(...texts), name)).toEqual(found);
    },
  );

  it('finds what trying every pattern finds, with the same parameters', () => {
    const segment = fc.constantFrom('a', 'ab', 'b', '{x}', 'a{x}', '{x}b', 'a{x}b');
    const pattern = fc
      .tuple(fc.constantFrom('private-', 'private-encrypted-', 'presence-'), segment, segment)
      .chain(([kind, one, two]) =>
        fc
          .constantFrom('', '{z...}', '.{z...}', '.b{z...}')
          .map((rest) => patternOf(kind, one, two.replace('x', 'y'), rest)),
      );
    const name = fc
      .tuple(
        fc.constantFrom('private-', 'private-encrypted-', 'presence-'),
        fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 7 }),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 6 }), name, (entries, tried) => {
        const unambiguous = entries.filter(
          (one, at) => !entries.slice(0, at).some((two) => one.pattern.overlaps(two.pattern)),
        );
        const expected = unambiguous.find((one) => one.pattern.match(tried));
        const found = new RuleTable(unambiguous).find(tried);
        expect(found?.entry).toBe(expected);
        expect(found?.params).toEqual(expected?.pattern.match(tried));
      }),
      { numRuns: 10_000 },
    );
  });
});

/** With the rest behind the second segment, or in its place. */
function patternOf(kind: string, one: string, two: string, rest: string) {
  const isOwnSegment = rest === '' || rest.startsWith('.');
  return entry(`${kind}${one}.${isOwnSegment ? two : two.replaceAll(/\{.*/g, '')}${rest}`);
}

/** Microseconds of one look-up, the best of several rounds: the machine has other work too. */
function cost(rules: RuleTable<ReturnType<typeof entry>>, name: string): number {
  const rounds = Array.from({ length: 20 }, () => {
    const start = performance.now();
    for (let at = 0; at < 20; at++) rules.find(name);
    return ((performance.now() - start) / 20) * 1000;
  });
  return Math.min(...rounds);
}

describe('RuleTable with a thousand rules', () => {
  const HALF_A_MILLISECOND = 500;

  it.each<[string, (at: number) => string, string]>([
    ['that start apart', (at) => `private-r${at}.{id}`, 'private-r500.7'],
    ['in the first segment', (at) => `private-r${at}-{id}`, `private-${'r'.repeat(190)}`],
    ['that start alike', (at) => `private-a.{id}.r${at}`, 'private-a.7.x'],
    [
      'that end alike, on a long name',
      (at) => `private-a{id}.${'a'.repeat(80)}{b}z${at}`,
      `private-${'a'.repeat(90)}.${'a'.repeat(100)}`,
    ],
    [
      'of many segments',
      (at) => `private-a${'.a'.repeat(60)}.{id}.r${at}`,
      `private-a${'.a'.repeat(62)}`,
    ],
    ['with a rest each', (at) => `private-r${at}.{path...}`, `private-r500${'.a'.repeat(90)}`],
    [
      'with rests that begin alike',
      (at) => `private-${'a'.repeat(at % 150)}.b${at}{x...}`,
      `private-${'a'.repeat(150)}.b`,
    ],
    ['on a name of dots', (at) => `private-{a}.r${at}`, `private-${'.'.repeat(190)}`],
  ])('%s finds one in less than half a millisecond', (_case, text, name) => {
    expect(cost(thousand(text), name)).toBeLessThan(HALF_A_MILLISECOND);
  });
});
