import { Body, Controller, HttpCode, Injectable, Module, Param, Post } from '@nestjs/common';
import {
  AuthorizeChannel,
  type ChannelOccupiedEvent,
  OnPusherWebhook,
  PusherAuthController,
  PusherModule,
  PusherService,
  PusherWebhookController,
} from 'nestjs-pusher-channels';

/** What an application does with the service, by name. */
const ACTIONS: Readonly<Record<string, (pusher: PusherService, channel: string) => unknown>> = {
  trigger: (pusher, channel) => pusher.trigger(channel, 'greeted', { text: 'Grüße 👋' }),
  batch: (pusher, channel) =>
    pusher.triggerBatch([
      { channel, event: 'greeted', data: 1 },
      { channel, event: 'greeted', data: 2 },
    ]),
  users: (pusher, channel) => pusher.channelUsers(channel),
  // Nothing awaits these: they leave while the application shuts down.
  emit: (pusher, channel) => [1, 2, 3].forEach((data) => pusher.emit(channel, 'left', data)),
};

@Controller('actions')
export class ActionsController {
  constructor(private readonly pusher: PusherService) {}

  @Post(':name')
  @HttpCode(200)
  async run(@Param('name') name: string, @Body() body: { channel: string }): Promise<object> {
    return { result: (await ACTIONS[name]?.(this.pusher, body.channel)) ?? null };
  }
}

@Injectable()
export class Rules {
  @AuthorizeChannel('private-encrypted-{room}')
  mayRead(): boolean {
    return true;
  }

  @AuthorizeChannel('presence-{room}')
  mayJoin(user: { id: string }, { room }: { room: string }): { userId: string } | false {
    return room === 'closed' ? false : { userId: user.id };
  }
}

@Injectable()
export class Rooms {
  constructor(private readonly pusher: PusherService) {}

  @OnPusherWebhook('channel_occupied', { channel: 'rooms.{name}' })
  async opened(_event: ChannelOccupiedEvent, { name }: { name: string }): Promise<void> {
    await this.pusher.trigger(`rooms.${name}`, 'opened', { name });
  }
}

@Module({
  imports: [PusherModule.forRoot()],
  controllers: [
    ActionsController,
    PusherAuthController({ user: () => ({ id: '7' }) }),
    PusherWebhookController(),
  ],
  providers: [Rules, Rooms],
})
export class AppModule {}
