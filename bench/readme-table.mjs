import { ratio } from './statistics.mjs';
import { pick, times, whole } from './tables.mjs';

/** What the README says of the distance part: round trip and callers. */
const DISTANT = [
  [20, 128],
  [20, 1000],
  [100, 1000],
];

function compared(ours, official, field) {
  return times(ratio(pick(ours, field), pick(official, field)).median);
}

/** The figures of the README, compared with the official package. */
export function readmeTable({ results: { closed } }, { results: { triggers } }) {
  const busy = triggers[128];
  return {
    title: 'Compared with pusher',
    head: ['compared with `pusher`', 'this package', 'with `batching: true`'],
    rows: [
      ...DISTANT.map(([ms, callers]) => {
        const { official, ours, batching50 } = closed[ms][callers];
        return [
          `events per second, ${ms} ms away, ${whole(callers)} callers`,
          compared(ours, official, 'perSecond'),
          compared(batching50, official, 'perSecond'),
        ];
      }),
      [
        'events per second, loopback, 128 callers',
        compared(busy.ours, busy.official, 'perSecond'),
        compared(busy.batching, busy.official, 'perSecond'),
      ],
      [
        'CPU time per event, loopback, 128 callers',
        compared(busy.ours, busy.official, 'cpuMicroseconds'),
        compared(busy.batching, busy.official, 'cpuMicroseconds'),
      ],
    ],
  };
}
