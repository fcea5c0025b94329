import { randomUUID } from 'node:crypto';
import { Body, Controller, HttpCode, Param, Post, UseFilters } from '@nestjs/common';
import { type EventsOf, PusherService } from 'nestjs-pusher-channels';
import type { events } from '../events.js';
import { InvalidPayloadFilter } from './invalid-payload.filter.js';

type KitchenEvents = EventsOf<typeof events>;
type NewOrder = Omit<KitchenEvents['order.placed'], 'id'>;

const KITCHEN = 'kitchen';

@Controller('orders')
@UseFilters(InvalidPayloadFilter)
export class OrdersController {
  constructor(private readonly pusher: PusherService<KitchenEvents>) {}

  /** The compiler checks the names and types, the module checks what has really been sent. */
  @Post()
  @HttpCode(202)
  async place(@Body() order: NewOrder): Promise<void> {
    await this.pusher.trigger(KITCHEN, 'order.placed', { ...order, id: randomUUID() });
  }

  @Post(':id/ready')
  @HttpCode(202)
  async ready(@Param('id') id: string): Promise<void> {
    await this.pusher.trigger(KITCHEN, 'order.ready', { id });
  }

  /** An order as an older version of the server would send it, which knows nothing of the list. */
  @Post('outdated')
  @HttpCode(202)
  async outdated(): Promise<void> {
    const data = JSON.stringify({ id: randomUUID(), dish: 'Soup', portions: 'two' });
    await this.pusher.post('/events', { name: 'order.placed', channel: KITCHEN, data });
  }
}
