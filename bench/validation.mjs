// What the check of a payload costs beside JSON.stringify of that payload: the schema by itself, and the
// whole check as `trigger` does it. Nothing is sent.
import { type as ark } from 'arktype';
import { defineEvents } from 'nestjs-pusher-channels';
import * as v from 'valibot';
import { z } from 'zod';
import { applySchema } from '../dist/esm/trigger/apply-schema.js';
import { ratio, summary } from './statistics.mjs';

const ROUNDS = 9;
const MS = 40;
/** How many calls are made before the time is looked at. */
const CALLS = 100;
/** Compared with JSON.stringify, more is too much. */
const PROMISED = { withList: 2, withoutList: 0.1 };

const EVENT = 'order.placed';

const SCHEMAS = {
  'zod 4': z.object({
    id: z.string(),
    customer: z.object({ id: z.number(), name: z.string() }),
    tags: z.array(z.string()),
    lines: z.array(z.object({ item: z.string(), pieces: z.number(), gift: z.boolean() })),
  }),
  'valibot 1': v.object({
    id: v.string(),
    customer: v.object({ id: v.number(), name: v.string() }),
    tags: v.array(v.string()),
    lines: v.array(v.object({ item: v.string(), pieces: v.number(), gift: v.boolean() })),
  }),
  'arktype 2': ark({
    id: 'string',
    customer: { id: 'number', name: 'string' },
    tags: 'string[]',
    lines: ark({ item: 'string', pieces: 'number', gift: 'boolean' }).array(),
  }),
};

/** An order with that many lines. */
function order(lines) {
  return {
    id: '0b9e0b0e-6b1e-4a70-8a47-5c6a1e0d7e11',
    customer: { id: 42, name: 'Ada Lovelace' },
    tags: ['new', 'urgent'],
    lines: Array.from({ length: lines }, (_, at) => ({
      item: `item-${at}`,
      pieces: at + 1,
      gift: at % 2 === 0,
    })),
  };
}

/** Nanoseconds for each call. */
function nanosecondsPerCall(call) {
  const start = performance.now();
  let made = 0;
  let elapsed = 0;
  while (elapsed < MS) {
    for (let at = 0; at < CALLS; at += 1) call();
    made += CALLS;
    elapsed = performance.now() - start;
  }
  return (elapsed * 1e6) / made;
}

/** Alternates between the calls; a first round, in which code is compiled, is not counted. */
function measure(calls) {
  const measured = Object.fromEntries(Object.keys(calls).map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const [name, call] of Object.entries(calls)) {
      const nanoseconds = nanosecondsPerCall(call);
      if (round > 0) measured[name].push(nanoseconds);
    }
  return measured;
}

/** As `Triggers` does it. */
const checked = (draft, events) => (events === undefined ? draft : applySchema(draft, events));

function callsFor(data) {
  const draft = { channels: ['orders'], event: EVENT, data, prefix: '' };
  const calls = {
    stringify: () => JSON.stringify(data),
    'no list': () => checked(draft, undefined),
  };
  for (const [library, schema] of Object.entries(SCHEMAS)) {
    const events = defineEvents({ [EVENT]: schema });
    calls[`${library} alone`] = () => schema['~standard'].validate(data);
    calls[library] = () => checked(draft, events);
  }
  return calls;
}

const times = (values, stringify) => ratio(values, stringify).median;
const shown = (value) => `${value.toFixed(2)} ×`;
const worst = { withList: 0, withoutList: 0 };

console.log('| payload | JSON.stringify | no list | library | schema alone | whole check |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const lines of [0, 20, 200]) {
  const data = order(lines);
  const { stringify, 'no list': noList, ...others } = measure(callsFor(data));
  worst.withoutList = Math.max(worst.withoutList, times(noList, stringify));
  for (const library of Object.keys(SCHEMAS)) {
    const whole = times(others[library], stringify);
    worst.withList = Math.max(worst.withList, whole);
    const row = [
      `${JSON.stringify(data).length} bytes`,
      `${(summary(stringify).median / 1000).toFixed(2)} µs`,
      shown(times(noList, stringify)),
      library,
      shown(times(others[`${library} alone`], stringify)),
      shown(whole),
    ];
    console.log(`| ${row.join(' | ')} |`);
  }
}
console.log(
  `at most ${shown(worst.withList)} of JSON.stringify with a list, ${shown(worst.withoutList)} without; promised are ${PROMISED.withList} × and ${PROMISED.withoutList} ×`,
);
process.exitCode =
  worst.withList < PROMISED.withList && worst.withoutList < PROMISED.withoutList ? 0 : 1;
