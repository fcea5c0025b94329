import { describe, expect, it } from '@jest/globals';
import { type as ark } from 'arktype';
import * as v from 'valibot';
import { z } from 'zod';
import { checkPayload, isEventSchema } from '../../../lib/events/check-payload.js';
import type { EventSchema } from '../../../lib/events/define-events.js';
import { LIBRARIES } from './schemas.js';

const MESSAGE = { id: '7', tags: [{ name: 'new' }] };

describe.each(Object.entries(LIBRARIES))('a list of events of %s', (library, events) => {
  const message = events['message.created'];
  const price = events['price.changed'];

  it('accepts a payload that fits', () => {
    expect(checkPayload(message, MESSAGE)).toEqual({ ok: true, value: MESSAGE });
  });

  it('returns the output of the schema', () => {
    expect(checkPayload(price, { price: '12.5' })).toEqual({ ok: true, value: { price: 12.5 } });
  });

  it('says where a payload does not fit', () => {
    const checked = checkPayload(message, { id: '7', tags: [{ name: 'new' }, { name: 5 }] });
    expect(checked).toEqual({
      ok: false,
      problems: [{ path: 'tags[1].name', message: expect.stringMatching(/string/) }],
    });
  });

  it(`${library === 'arktype' ? 'keeps' : 'removes'} keys that are not declared`, () => {
    const more = { ...MESSAGE, costPrice: 3 };
    const value = library === 'arktype' ? more : MESSAGE;
    expect(checkPayload(message, more)).toEqual({ ok: true, value });
  });
});

/** What becomes of `{ id: '7', more: 3 }` with schemas that declare the id only. */
const UNDECLARED: [string, string, EventSchema][] = [
  ['removed', 'z.object', z.object({ id: z.string() })],
  ['rejected', 'z.strictObject', z.strictObject({ id: z.string() })],
  ['kept', 'z.looseObject', z.looseObject({ id: z.string() })],
  ['removed', 'v.object', v.object({ id: v.string() })],
  ['rejected', 'v.strictObject', v.strictObject({ id: v.string() })],
  ['kept', 'v.looseObject', v.looseObject({ id: v.string() })],
  ['kept', 'a type of arktype', ark({ id: 'string' })],
  ['removed', "a type of arktype with '+': 'delete'", ark({ id: 'string', '+': 'delete' })],
  ['rejected', "a type of arktype with '+': 'reject'", ark({ id: 'string', '+': 'reject' })],
];

describe('keys that are not declared', () => {
  it.each(UNDECLARED)('are %s by %s, and the payload stays as it was', (become, _by, schema) => {
    const payload = { id: '7', more: 3 };
    const checked = checkPayload(schema, payload);
    const keys = checked.ok && Object.keys(checked.value as object).join();
    expect(keys).toBe({ removed: 'id', kept: 'id,more', rejected: false }[become]);
    expect(payload).toEqual({ id: '7', more: 3 });
  });
});

describe('checkPayload', () => {
  it.each<[string, EventSchema]>([
    ['of zod', z.string().refine(() => Promise.resolve(true))],
    [
      'whose promise rejects',
      {
        '~standard': {
          version: 1,
          vendor: 'test',
          validate: () => Promise.reject(new Error('later')),
        },
      },
    ],
  ])('rejects an asynchronous schema %s', (_which, schema) => {
    expect(checkPayload(schema, 'a')).toEqual({
      ok: false,
      problems: [{ path: '', message: expect.stringContaining('asynchronous') }],
    });
  });

  it.each([
    [[], ''],
    [['a', 'b'], 'a.b'],
    [['a', 0, 'b'], 'a[0].b'],
    [[{ key: 'a' }, { key: 2 }], 'a[2]'],
    [[0], '[0]'],
  ])('writes the path %j as %j', (path, written) => {
    const schema: EventSchema = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: () => ({ issues: [{ message: 'no', path }] }),
      },
    };
    expect(checkPayload(schema, 1)).toEqual({
      ok: false,
      problems: [{ path: written, message: 'no' }],
    });
  });
});

describe('isEventSchema', () => {
  it.each(Object.entries(LIBRARIES))('knows the schemas of %s', (_library, events) => {
    expect(Object.values(events).every(isEventSchema)).toBe(true);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a plain object', { type: 'object' }],
    ['another version', { '~standard': { version: 2, validate: () => ({ value: 1 }) } }],
  ])('rejects %s', (_what, value) => {
    expect(isEventSchema(value)).toBe(false);
  });
});
