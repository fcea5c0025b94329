import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineEvents } from '../../../lib/events/define-events.js';
import { FakePusherService } from '../../../lib/testing/fake/fake-pusher.service.js';
import { LIBRARIES } from '../events/schemas.js';

const events = LIBRARIES.zod;
const MESSAGE = { id: '7', tags: [], costPrice: 3 };
const SENT = { id: '7', tags: [] };

describe('an app with a list of events', () => {
  it.each<[string, (pusher: FakePusherService) => Promise<unknown>]>([
    ['trigger', (pusher) => pusher.trigger('a', 'message.created', MESSAGE)],
    [
      'an encrypted trigger',
      (pusher) => pusher.trigger('private-encrypted-a', 'message.created', MESSAGE),
    ],
    [
      'triggerBatch',
      (pusher) => pusher.triggerBatch([{ channel: 'a', event: 'message.created', data: MESSAGE }]),
    ],
    ['sendToUser', (pusher) => pusher.sendToUser('7', 'message.created', MESSAGE)],
    ['sendToUser for a list', (pusher) => pusher.sendToUser(['7'], 'message.created', MESSAGE)],
    ['tryTrigger', (pusher) => pusher.tryTrigger('a', 'message.created', MESSAGE)],
    [
      'emit',
      (pusher) => {
        pusher.emit('a', 'message.created', MESSAGE);
        return pusher.flush();
      },
    ],
  ])('sends the output of the schema with %s', async (_method, send) => {
    const pusher = new FakePusherService({ events });
    await send(pusher);
    expect(pusher.triggered().map(({ data }) => data)).toEqual([SENT]);
  });

  it.each<[string, (pusher: FakePusherService) => Promise<unknown>, string]>([
    ['trigger', (pusher) => pusher.trigger('a', 'message.created', { id: 7, tags: [] }), 'data'],
    [
      'triggerBatch',
      (pusher) =>
        pusher.triggerBatch([
          { channel: 'a', event: 'message.created', data: { id: 7, tags: [] } },
        ]),
      'events[0].data',
    ],
    [
      'sendToUser',
      (pusher) => pusher.sendToUser('7', 'message.created', { id: 7, tags: [] }),
      'data',
    ],
  ])(
    'rejects a payload that does not fit in %s, and sends nothing',
    async (_method, send, argument) => {
      const pusher = new FakePusherService({ events });
      await expect(send(pusher)).rejects.toMatchObject({
        code: 'PUSHER_INVALID_ARGUMENT',
        argument,
        message: expect.stringMatching(
          /^`(?:events\[0\]\.)?data` does not fit the schema of "message\.created": id: /,
        ),
        issues: [{ path: 'id', message: expect.any(String) }],
      });
      expect(pusher.triggered()).toEqual([]);
    },
  );

  it('rejects it at the call of emit as well', () => {
    const pusher = new FakePusherService({ events });
    expect(() => pusher.emit('a', 'message.created', { id: 7, tags: [] })).toThrow(
      '`data` does not fit the schema of "message.created": id: ',
    );
    expect(pusher.triggered()).toEqual([]);
  });

  it('rejects an event that is not in the list, and names the one that was meant', async () => {
    const pusher = new FakePusherService({ events });
    await expect(pusher.trigger('a', 'messageCreated', MESSAGE)).rejects.toThrow(
      '`event` "messageCreated" is not in the list of events of this app. Did you mean "message.created"?',
    );
    await expect(pusher.trigger('a', 'other', MESSAGE)).rejects.toThrow(
      'Its events are "message.created", "price.changed". Add the event to defineEvents.',
    );
    await expect(pusher.trigger('a', 'toString', MESSAGE)).rejects.toThrow('is not in the list');
  });

  it('shows no control character of a message of the schema, and at most five problems', async () => {
    const many = z.array(z.string('forged\n\u001b[31mline'));
    const pusher = new FakePusherService({ events: defineEvents({ many }) });
    const error = await pusher.trigger('a', 'many', [1, 2, 3, 4, 5, 6, 7]).catch((e: unknown) => e);
    expect(error).toMatchObject({ issues: { length: 7 } });
    expect((error as Error).message).toMatch(/; and 2 more\.$/);
    expect((error as Error).message).not.toMatch(/\p{Cc}/u);
  });

  it('does not change what the caller passed', async () => {
    const data = Object.freeze({ price: '5' });
    const pusher = new FakePusherService({ events });
    await pusher.trigger('a', 'price.changed', data);
    expect(pusher.triggered()[0]?.data).toEqual({ price: 5 });
    expect(data).toEqual({ price: '5' });
  });
});

it('an app without a list of events accepts every event', async () => {
  const pusher = new FakePusherService();
  await pusher.trigger('a', 'other', { anything: true });
  expect(pusher.triggered()).toHaveLength(1);
});
