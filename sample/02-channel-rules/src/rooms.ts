import { Injectable } from '@nestjs/common';
import type { User } from './people.js';

/** Who may be in which room. A real application would look into its database. */
@Injectable()
export class Rooms {
  readonly #guests: ReadonlyMap<string, readonly string[]> = new Map([
    ['lobby', ['ada', 'grace', 'eve']],
    ['workshop', ['grace', 'eve']],
    ['vault', ['ada', 'grace']],
  ]);

  ids(): string[] {
    return [...this.#guests.keys()];
  }

  admits({ id }: User, roomId: string): boolean {
    return this.#guests.get(roomId)?.includes(id) ?? false;
  }
}
