import { Injectable } from '@nestjs/common';
import {
  AuthenticateUser,
  AuthorizeChannel,
  type PresenceMember,
  type UserData,
} from 'nestjs-pusher-channels';
import { PEOPLE, type User } from './people.js';
import { Rooms } from './rooms.js';

/** The rules. What none of them allows is refused. */
@Injectable()
export class ChannelAccess {
  constructor(private readonly rooms: Rooms) {}

  /** Everybody has a bell of their own. */
  @AuthorizeChannel('private-bells.{userId}')
  hears(user: User, { userId }: { userId: string }): boolean {
    return user.id === userId;
  }

  /** Presence: who is in a room. The answer is what the others may know of the newcomer. */
  @AuthorizeChannel('presence-rooms.{roomId}')
  enters(user: User, { roomId }: { roomId: string }): PresenceMember | false {
    return this.rooms.admits(user, roomId) && { userId: user.id, userInfo: { name: user.name } };
  }

  /** Encrypted: what is said in a room. Whoever is let in gets the key; Pusher never has it. */
  @AuthorizeChannel('private-encrypted-rooms.{roomId}')
  listens(user: User, { roomId }: { roomId: string }): boolean {
    return this.rooms.admits(user, roomId);
  }

  /** Answers `pusher.signin()`; the watchlist tells the page who of the others is online. */
  @AuthenticateUser()
  signsIn({ id, name }: User): UserData {
    return { id, userInfo: { name }, watchlist: PEOPLE.map((person) => person.id) };
  }
}
