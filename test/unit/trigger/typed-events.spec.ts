import { describe, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { PusherService } from '../../../lib/index.js';
import { FakePusherService } from '../../../lib/testing/fake/fake-pusher.service.js';

interface ChatEvents {
  'message.created': { id: string; body: string };
  'room.closed': null;
}

describe('typed events', () => {
  it('accept what the event map has', async () => {
    const fake = new FakePusherService<ChatEvents>();
    const pusher: PusherService<ChatEvents> = fake;
    await pusher.trigger('rooms', 'message.created', { id: '1', body: 'x' });
    await pusher.sendToUser('u1', 'room.closed', null);
    await pusher.sendToUser(['u1', 2, 3n] as const, 'room.closed', null);
    await pusher.triggerBatch([
      { channel: 'rooms', event: 'message.created', data: { id: '2', body: 'y' } },
      { channel: 'rooms', event: 'room.closed', data: null },
    ]);
    expect(fake.triggered()).toHaveLength(7);
  });

  it('do not compile with anything else', () => {
    const wrong = [
      // @ts-expect-error no such event
      (pusher: PusherService<ChatEvents>) => pusher.trigger('a', 'message.deleted', null),
      // @ts-expect-error a field of the payload is missing
      (pusher: PusherService<ChatEvents>) => pusher.trigger('a', 'message.created', { id: '1' }),
      (pusher: PusherService<ChatEvents>) =>
        // @ts-expect-error the payload of another event
        pusher.triggerBatch([{ channel: 'a', event: 'message.created', data: null }]),
      // @ts-expect-error a payload where there is none
      (pusher: PusherService<ChatEvents>) => pusher.sendToUser('1', 'room.closed', { id: '1' }),
      // @ts-expect-error a user without an id
      (pusher: PusherService<ChatEvents>) => pusher.sendToUser(['1', null], 'room.closed', null),
    ];
    expect(wrong).toHaveLength(5);
  });

  it('are not required of a service without an event map, however it is obtained', () => {
    const right = [
      (pusher: PusherService) => pusher.trigger('a', 'anything', { at: 1 }),
      (app: INestApplicationContext) => app.get(PusherService).trigger('a', 'anything', 5),
      (app: INestApplicationContext) =>
        app.get(PusherService).triggerBatch([{ channel: 'a', event: 'b', data: [] }]),
    ];
    expect(right).toHaveLength(3);
  });
});
