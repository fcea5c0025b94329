import { Injectable } from '@nestjs/common';
import {
  AuthorizeChannel,
  type ChannelAuthRequest,
  type PresenceMember,
} from 'nestjs-pusher-channels';

/** Lets everybody into every room, each connection as a different user. Sample 02 has better rules. */
@Injectable()
export class Visitors {
  @AuthorizeChannel('presence-rooms.{roomId}')
  enters(_user: unknown, _params: unknown, { socketId }: ChannelAuthRequest): PresenceMember {
    return { userId: socketId, userInfo: {} };
  }
}
