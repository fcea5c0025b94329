import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  channelKind,
  hasChannelCharacters,
  isCacheChannel,
  isEncryptedChannel,
  isSocketId,
  isUserId,
  quoted,
} from '../../../lib/protocol/names.js';

interface Grammar {
  valid: string[];
  invalid: string[];
}

const vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../vectors/auth.json'), 'utf8'),
) as { socket_ids: Grammar; channel_names: Grammar };

describe('socket ids', () => {
  it.each(vectors.socket_ids.valid)('%p is a valid one', (id) => expect(isSocketId(id)).toBe(true));
  it.each(vectors.socket_ids.invalid)('%p is not a valid one', (id) =>
    expect(isSocketId(id)).toBe(false),
  );

  it('are digits, a dot, digits, and nothing else', () => {
    const nearly = fc.stringMatching(/^[0-9.:\n٣]{0,9}$/);
    fc.assert(
      fc.property(nearly, (text) => {
        const [one = '', two = '', ...more] = text.split('.');
        const digits = (part: string) =>
          part !== '' && Array.from(part).every((c) => c >= '0' && c <= '9');
        expect(isSocketId(text)).toBe(more.length === 0 && digits(one) && digits(two));
      }),
      { numRuns: 10_000 },
    );
  });
});

const ALLOWED = new Set('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-=@,.;');

describe('channel names', () => {
  it.each(vectors.channel_names.valid)('%p has valid characters', (name) => {
    expect(hasChannelCharacters(name)).toBe(true);
  });

  it('have no other UTF-16 character', () => {
    for (let unit = 0; unit <= 0xffff; unit++) {
      const character = String.fromCharCode(unit);
      if (hasChannelCharacters(character) !== ALLOWED.has(character))
        throw new Error(`U+${unit.toString(16)} is judged wrongly`);
      if (isUserId(character) !== ALLOWED.has(character))
        throw new Error(`U+${unit.toString(16)} is judged wrongly in a user id`);
    }
  });

  it('are made of allowed characters, and of at least one', () => {
    const nearly = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...ALLOWED, '\n', ':', '#', ' ', '/', '%', 'ａ') }),
    );
    fc.assert(
      fc.property(nearly, (name) => {
        const expected =
          name !== '' && Array.from(name).every((character) => ALLOWED.has(character));
        expect(hasChannelCharacters(name)).toBe(expected);
        expect(isUserId(name)).toBe(expected);
      }),
      { numRuns: 10_000 },
    );
  });

  it('are not valid with a line break at the end', () => {
    expect(hasChannelCharacters('private-a\n')).toBe(false);
    expect(isUserId('1\n')).toBe(false);
  });

  it.each([
    ['news', 'public', false],
    ['cache-news', 'public', true],
    ['cachenews', 'public', false],
    ['private', 'public', false],
    ['Private-a', 'public', false],
    ['private-a', 'private', false],
    ['private-cache-a', 'private', true],
    ['private-encrypted', 'private', false],
    ['private-encrypted-a', 'private-encrypted', false],
    ['private-encrypted-cache-a', 'private-encrypted', true],
    ['presence-a', 'presence', false],
    ['presence-cache-a', 'presence', true],
    ['presence-private-encrypted-a', 'presence', false],
    ['#server-to-user-1', 'public', false],
  ])('%s is %s, caching: %s', (name, kind, caching) => {
    expect(channelKind(name)).toBe(kind);
    expect(isEncryptedChannel(name)).toBe(kind === 'private-encrypted');
    expect(isCacheChannel(name)).toBe(caching);
  });
});

describe('a name in a message', () => {
  it.each([
    ['stands in quotes', 'room', undefined, '"room"'],
    ['cannot begin a line of its own', 'a\nERROR b', undefined, String.raw`"a\nERROR b"`],
    ['cannot end its quotes', 'a" b', undefined, String.raw`"a\" b"`],
    ['is shortened when it is long', 'c'.repeat(61), undefined, `"${'c'.repeat(60)}…"`],
    ['is complete when it is not', 'c'.repeat(60), undefined, `"${'c'.repeat(60)}"`],
    ['is shortened to the given length', 'room', 2, '"ro…"'],
  ])('%s', (_what, name, shown, expected) => {
    expect(quoted(name, shown)).toBe(expected);
  });
});
