import { Controller, Get, Injectable, Module, Post, Req } from '@nestjs/common';
import { SkipThrottle, Throttle } from '@nestjs/throttler';
import type { Request } from 'express';
import {
  AuthenticateUser,
  AuthorizeChannel,
  type ChannelOccupiedEvent,
  OnPusherWebhook,
  type PresenceMember,
  PusherAuthController,
  type PusherClientOptions,
  PusherService,
  PusherWebhook,
  PusherWebhookController,
  type UserData,
  type Webhook,
} from 'nestjs-pusher-channels';
import { Public, type User } from './login.js';

@Injectable()
export class Channels {
  @AuthorizeChannel('private-orders.{orderId}')
  maySee(user: User, { orderId }: { orderId: string }): boolean {
    return orderId.startsWith(user.id);
  }

  @AuthorizeChannel('presence-shop')
  join(user: User): PresenceMember {
    return { userId: user.id, userInfo: { name: user.id } };
  }

  @AuthenticateUser()
  whoIs(user: User): UserData {
    return { id: user.id };
  }
}

@Injectable()
export class Visits {
  @OnPusherWebhook('channel_occupied', { channel: 'private-orders.{orderId}' })
  opened(_event: ChannelOccupiedEvent, { orderId }: { orderId: string }): void {
    console.log(`Somebody is looking at order ${orderId}.`);
  }
}

/** Another endpoint for webhooks, beside the prebuilt one. */
@Public()
@SkipThrottle()
@Controller('audit')
export class AuditController {
  @Post()
  audit(@PusherWebhook() { events }: Webhook): string[] {
    return events.map(({ name }) => name);
  }
}

@Public()
@Controller('config')
export class ConfigController {
  constructor(private readonly pusher: PusherService) {}

  @Get()
  forClients(@Req() request: Request): PusherClientOptions {
    const origin = `${request.protocol}://${request.host}`;
    return this.pusher.clientOptions({ origin, authPath: '/api/v1/pusher' });
  }
}

/**
 * The global guards apply: that of the login sets `request.user` for the rules. Webhooks have a
 * signature and no user, so the guards let them pass.
 */
@Module({
  controllers: [
    PusherAuthController({ decorators: [Throttle({ default: { ttl: 60_000, limit: 300 } })] }),
    PusherWebhookController({ decorators: [Public(), SkipThrottle()] }),
    AuditController,
    ConfigController,
  ],
  providers: [Channels, Visits],
})
export class RealtimeModule {}
