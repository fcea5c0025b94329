import { defineEvents } from 'nestjs-pusher-channels/client';

/** A schema without a library. */
const message = {
  validate: (value) =>
    typeof value.id === 'string' ? { value } : { issues: [{ message: 'not a string' }] },
};

export const events = defineEvents({
  'message.created': { '~standard': { version: 1, vendor: 'test', ...message } },
});
