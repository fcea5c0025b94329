import { Injectable } from '@nestjs/common';
import {
  AuthenticateUser,
  AuthorizeChannel,
  type PresenceMember,
  type UserData,
} from 'nestjs-pusher-channels';
import { PEOPLE, type User } from './people.js';
import { Rooms } from './rooms.js';

/** The rules. Whatever no rule allows is refused. */
@Injectable()
export class ChannelAccess {
  constructor(private readonly rooms: Rooms) {}

  /** Everybody may listen to their own bell. */
  @AuthorizeChannel('private-bells.{userId}')
  hears(user: User, { userId }: { userId: string }): boolean {
    return user.id === userId;
  }

  /** Presence: who is in a room. The others see what is returned about the newcomer. */
  @AuthorizeChannel('presence-rooms.{roomId}')
  enters(user: User, { roomId }: { roomId: string }): PresenceMember | false {
    return this.rooms.admits(user, roomId) && { userId: user.id, userInfo: { name: user.name } };
  }

  /** Encrypted: what is said in a room. Whoever may enter receives the key; Pusher never does. */
  @AuthorizeChannel('private-encrypted-rooms.{roomId}')
  listens(user: User, { roomId }: { roomId: string }): boolean {
    return this.rooms.admits(user, roomId);
  }

  /** For `pusher.signin()`. Through the watchlist, the page learns who else is online. */
  @AuthenticateUser()
  signsIn({ id, name }: User): UserData {
    return { id, userInfo: { name }, watchlist: PEOPLE.map((person) => person.id) };
  }
}
