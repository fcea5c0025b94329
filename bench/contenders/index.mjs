import { bare } from './bare.mjs';
import { official } from './official.mjs';
import { ours } from './ours.mjs';

/** All contenders: the title in the tables, and how each is made. */
export const CONTENDERS = {
  official: { title: 'pusher, as it comes', make: official },
  keepAlive: {
    title: 'pusher, keep-alive agent',
    make: (settings) => official({ ...settings, keepAlive: true }),
  },
  bare: { title: 'bare undici pool', make: bare },
  ours: { title: 'nestjs-pusher-channels', make: ours },
  intercepted: {
    title: '  with an axios interceptor',
    make: (settings) => ours({ ...settings, interceptor: true }),
  },
  batching: {
    title: '  with batching',
    make: (settings) => ours({ ...settings, batching: true }),
  },
};
