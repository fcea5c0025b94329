import { Injectable } from '@nestjs/common';
import {
  AuthorizeChannel,
  type ChannelAuthRequest,
  type PresenceMember,
} from 'nestjs-pusher-channels';

const NAMES = ['Ada', 'Grace', 'Edsger', 'Barbara', 'Alan', 'Katherine', 'Donald', 'Radia'];

/** Lets everybody into every room, each connection as another person. Sample 02 has better rules. */
@Injectable()
export class Visitors {
  readonly #names = new Map<string, string>();

  @AuthorizeChannel('presence-rooms.{roomId}')
  enters(_user: unknown, _params: unknown, { socketId }: ChannelAuthRequest): PresenceMember {
    const name = this.#names.get(socketId) ?? this.#nextName();
    this.#names.set(socketId, name);
    // Webhooks contain the id of a user and nothing else, so the name is the id.
    return { userId: name, userInfo: { name } };
  }

  #nextName(): string {
    const { size } = this.#names;
    return NAMES[size] ?? `Visitor ${size + 1}`;
  }
}
