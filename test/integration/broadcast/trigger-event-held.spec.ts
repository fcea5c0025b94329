import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type INestApplicationContext, Injectable } from '@nestjs/common';
import { lastValueFrom, Observable, of, throwError } from 'rxjs';
import { HoldEvents, TriggerEvent } from '../../../lib/index.js';
import { FakePusherService, PusherTestingModule } from '../../../lib/testing/index.js';
import { startContext } from '../../support/nest/app-with-pusher.js';

const paid = { event: 'paid', channels: (id: string) => `orders.${id}` };

@Injectable()
class Orders {
  @TriggerEvent(paid)
  async pay(id: string): Promise<string> {
    return Promise.resolve(id);
  }

  @HoldEvents()
  async payAll(ids: readonly string[], error?: Error): Promise<void> {
    for (const id of ids) await this.pay(id);
    if (error !== undefined) throw error;
  }

  @HoldEvents()
  @TriggerEvent(paid)
  async holding(id: string): Promise<string> {
    return this.pay(id);
  }

  @TriggerEvent(paid)
  @HoldEvents()
  async held(id: string, error?: Error): Promise<string> {
    await this.pay('inner');
    if (error !== undefined) throw error;
    return id;
  }

  @HoldEvents()
  @TriggerEvent(paid)
  stream(id: string, error?: Error): Observable<string> {
    return error === undefined ? of('early', id) : throwError(() => error);
  }
}

let context: INestApplicationContext;
let pusher: FakePusherService;
let orders: Orders;

beforeEach(async () => {
  context = await startContext({ imports: [PusherTestingModule.forRoot()], providers: [Orders] });
  pusher = context.get(FakePusherService);
  orders = context.get(Orders);
});

afterEach(() => pusher.assertNothingHeld());

function channels(): string[] {
  return pusher.triggered().flatMap((event) => event.channels);
}

describe('@TriggerEvent with @HoldEvents', () => {
  it('publishes in order when the work around it has succeeded', async () => {
    const work = orders.payAll(['1', '2']);
    pusher.assertNothingTriggered();
    await work;
    expect(channels()).toEqual(['orders.1', 'orders.2']);
  });

  it('publishes nothing when the work around it has failed', async () => {
    await expect(orders.payAll(['1', '2'], new Error('rolled back'))).rejects.toThrow('rolled');
    pusher.assertNothingTriggered();
  });

  it('works below and above it', async () => {
    expect(await orders.holding('1')).toBe('1');
    expect(await orders.held('2')).toBe('2');
    await expect(orders.held('3', new Error('rolled back'))).rejects.toThrow('rolled back');
    expect(channels()).toEqual(['orders.1', 'orders.1', 'orders.inner', 'orders.2']);
  });

  it('works on a method that returns an Observable', async () => {
    expect(await lastValueFrom(orders.stream('1'))).toBe('1');
    const failed = lastValueFrom(orders.stream('2', new Error('rolled back')));
    await expect(failed).rejects.toThrow('rolled back');
    expect(channels()).toEqual(['orders.1']);
  });
});
