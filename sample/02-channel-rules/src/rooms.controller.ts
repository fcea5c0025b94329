import {
  Body,
  Controller,
  ForbiddenException,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Req,
  UseGuards,
} from '@nestjs/common';
import { PusherService } from 'nestjs-pusher-channels';
import { PEOPLE, type User } from './people.js';
import { Rooms } from './rooms.js';
import { StandInLogin } from './stand-in-login.guard.js';

interface RoomEvents {
  'message.created': { author: string; text: string };
  rung: { by: string };
}

@Controller()
@UseGuards(StandInLogin)
export class RoomsController {
  constructor(
    private readonly pusher: PusherService<RoomEvents>,
    private readonly rooms: Rooms,
  ) {}

  /** Whoever may listen may speak: the same check as in the rule of the channel. */
  @Post('rooms/:roomId/messages')
  @HttpCode(202)
  async say(
    @Req() { user }: { user: User },
    @Param('roomId') roomId: string,
    @Body('text') text: unknown,
  ): Promise<void> {
    if (!this.rooms.admits(user, roomId)) throw new ForbiddenException('You are not in this room.');
    await this.pusher.trigger(`private-encrypted-rooms.${roomId}`, 'message.created', {
      author: user.name,
      text: String(text).slice(0, 500),
    });
  }

  @Post('people/:userId/bell')
  @HttpCode(202)
  async ring(@Req() { user }: { user: User }, @Param('userId') userId: string): Promise<void> {
    if (!PEOPLE.some(({ id }) => id === userId)) throw new NotFoundException();
    await this.pusher.trigger(`private-bells.${userId}`, 'rung', { by: user.name });
  }
}
