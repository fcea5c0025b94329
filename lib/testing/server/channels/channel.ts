import type { Connection } from '../websocket/connection.js';

/** A user on a presence channel. */
export interface Member {
  userId: string;
  userInfo?: unknown;
}

interface Present extends Member {
  connections: Set<Connection>;
}

/** Who is on a channel. A user with several connections is one member. */
export class Channel {
  readonly #subscribers = new Map<Connection, string | undefined>();
  readonly #members = new Map<string, Present>();
  /** When the subscription count was last sent, and what cancels the next time. */
  countSentMs = -Infinity;
  cancelCount: (() => void) | undefined;

  constructor(readonly name: string) {}

  get subscriptionCount(): number {
    return this.#subscribers.size;
  }

  get userCount(): number {
    return this.#members.size;
  }

  get members(): Iterable<Member> {
    return this.#members.values();
  }

  has(connection: Connection): boolean {
    return this.#subscribers.has(connection);
  }

  hasMember(userId: string): boolean {
    return this.#members.has(userId);
  }

  /** The id of the member that the connection belongs to. */
  userIdOf(connection: Connection): string | undefined {
    return this.#subscribers.get(connection);
  }

  /** Whether the connection brought a new member. */
  add(connection: Connection, member?: Member): boolean {
    this.#subscribers.set(connection, member?.userId);
    if (!member) return false;
    const present = this.#members.get(member.userId);
    if (present) present.connections.add(connection);
    else this.#members.set(member.userId, { ...member, connections: new Set([connection]) });
    return present === undefined;
  }

  /** The id of the member that went away with the connection, if one did. */
  remove(connection: Connection): string | undefined {
    const userId = this.#subscribers.get(connection);
    this.#subscribers.delete(connection);
    if (userId === undefined) return undefined;
    const present = this.#members.get(userId);
    present?.connections.delete(connection);
    if (present?.connections.size !== 0) return undefined;
    this.#members.delete(userId);
    return userId;
  }

  /** Sends a frame to all subscribers but one. */
  broadcast(frame: string, except?: Connection): void {
    for (const connection of this.#subscribers.keys())
      if (connection !== except) connection.send(frame);
  }
}
