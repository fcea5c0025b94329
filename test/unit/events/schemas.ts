import { type as ark } from 'arktype';
import * as v from 'valibot';
import { z } from 'zod';
import { defineEvents } from '../../../lib/events/define-events.js';

/** The same events in each library that the tests cover. */
export const LIBRARIES = {
  zod: defineEvents({
    'message.created': z.object({ id: z.string(), tags: z.array(z.object({ name: z.string() })) }),
    'price.changed': z.object({ price: z.string().transform(Number) }),
  }),
  valibot: defineEvents({
    'message.created': v.object({ id: v.string(), tags: v.array(v.object({ name: v.string() })) }),
    'price.changed': v.object({ price: v.pipe(v.string(), v.transform(Number)) }),
  }),
  arktype: defineEvents({
    'message.created': ark({ id: 'string', tags: ark({ name: 'string' }).array() }),
    'price.changed': ark({ price: ark('string').pipe(Number) }),
  }),
};
