import { describe, expect, it } from '@jest/globals';
import { type INestApplicationContext, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Broadcast, defineEvents, TriggerEvent } from '../../../lib/index.js';
import { FakePusherService, PusherTestingModule } from '../../../lib/testing/index.js';
import { startContext } from '../../support/nest/app-with-pusher.js';

const events = defineEvents({ 'order.paid': z.object({ id: z.string() }) });

@Broadcast<Paid>({ as: 'order.paid', on: 'orders', with: ({ id }) => ({ id, margin: 3 }) })
class Paid {
  constructor(readonly id: unknown) {}
}

@Broadcast<Moved>({ as: 'order.moved', on: 'orders', with: () => ({ id: '7' }) })
class Moved {
  readonly kind = 'moved';
}

@Injectable()
class Orders {
  @TriggerEvent({ event: 'order.paid', channels: 'orders' })
  pay(id: unknown): { id: unknown; margin: number } {
    return { id, margin: 3 };
  }

  @TriggerEvent({ event: 'order.paid', channels: 'orders', onFailure: 'throw' })
  payOrThrow(id: unknown): Promise<{ id: unknown }> {
    return Promise.resolve({ id });
  }
}

function start(): Promise<INestApplicationContext> {
  return startContext({
    imports: [PusherTestingModule.forRoot({ options: { events } })],
    providers: [Orders],
  });
}

function sentBy(context: INestApplicationContext): unknown[] {
  return context
    .get(FakePusherService)
    .triggered()
    .map(({ data }) => data);
}

describe('an app with a list of events', () => {
  it('sends the output of the schema for @TriggerEvent and @Broadcast', async () => {
    const context = await start();
    context.get(Orders).pay('1');
    await context.get(Orders).payOrThrow('2');
    context.get(FakePusherService).broadcast(new Paid('3'));
    await context.get(FakePusherService).flush();
    expect(sentBy(context)).toEqual([{ id: '1' }, { id: '2' }, { id: '3' }]);
  });

  it('sends nothing for a payload that does not fit', async () => {
    const context = await start();
    const pusher = context.get(FakePusherService);
    const misfit = /^`data` does not fit the schema of "order\.paid": id: /;
    expect(context.get(Orders).pay(1)).toEqual({ id: 1, margin: 3 });
    await expect(context.get(Orders).payOrThrow(2)).rejects.toThrow(misfit);
    expect(() => pusher.broadcast(new Paid(3))).toThrow(misfit);
    expect(() => pusher.broadcast(new Moved())).toThrow(
      '`event` "order.moved" is not in the list of events of this app.',
    );
    await pusher.flush();
    expect(sentBy(context)).toEqual([]);
  });
});
