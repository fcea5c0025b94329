import { bare } from './bare.mjs';
import { official } from './official.mjs';
import { ours } from './ours.mjs';

/** All contenders: the title in the tables, and how each is made. */
export const CONTENDERS = {
  official: { title: '`pusher`', make: official },
  bare: { title: 'bare undici pool', make: bare },
  ours: { title: 'this package', make: ours },
  intercepted: {
    title: 'this package with an axios interceptor',
    make: (target) => ours({ ...target, interceptor: true }),
  },
  batching: {
    title: 'this package with batching',
    make: (target) => ours({ ...target, batching: true }),
  },
};
