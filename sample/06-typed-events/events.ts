import { defineEvents } from 'nestjs-pusher-channels/client';
import { z } from 'zod';

/** What the kitchen announces. The server and the page import this one list. */
export const events = defineEvents({
  'order.placed': z.object({
    id: z.string(),
    dish: z.string().trim().min(1).max(40),
    portions: z.number().int().min(1).max(20),
  }),
  'order.ready': z.object({ id: z.string() }),
});
