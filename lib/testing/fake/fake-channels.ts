/** What a test says of a channel. */
export interface FakeChannel {
  /** Ids of the users on a presence channel. */
  userIds?: readonly string[];
  /** Connections subscribed. @default the number of users, or 1 */
  subscriptionCount?: number;
  /** The cached event of a cache channel. */
  cache?: { data: string; ttl?: number } | null;
}

/** The occupied channels of a fake server, and its answers about them. */
export class FakeChannels {
  readonly #channels = new Map<string, FakeChannel>();

  occupy(name: string, channel: FakeChannel): void {
    this.#channels.set(name, channel);
  }

  clear(): void {
    this.#channels.clear();
  }

  list(prefix: string): unknown {
    const names = [...this.#channels.keys()].filter((name) => name.startsWith(prefix));
    return { channels: Object.fromEntries(names.map((name) => [name, this.state(name)])) };
  }

  state(name: string): unknown {
    const channel = this.#channels.get(name);
    if (channel === undefined) return { occupied: false };
    const { userIds, subscriptionCount = userIds?.length ?? 1, cache } = channel;
    return {
      occupied: true,
      user_count: userIds?.length,
      subscription_count: subscriptionCount,
      cache,
    };
  }

  users(name: string): unknown {
    return { users: (this.#channels.get(name)?.userIds ?? []).map((id) => ({ id })) };
  }
}
