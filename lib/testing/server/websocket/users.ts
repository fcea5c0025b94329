import type { Connection } from './connection.js';

/** Who is signed in, and who watches whom. */
export class Users {
  readonly #online = new Map<string, Set<Connection>>();
  readonly #watchers = new Map<string, Set<Connection>>();

  /** Whether this is the first connection of the user. */
  signIn(userId: string, connection: Connection): boolean {
    return add(this.#online, userId, connection);
  }

  /** Whether this was the last connection of the user. */
  signOut(userId: string, connection: Connection): boolean {
    return remove(this.#online, userId, connection);
  }

  watch(watched: Iterable<string>, connection: Connection): void {
    for (const userId of watched) add(this.#watchers, userId, connection);
  }

  unwatch(watched: Iterable<string>, connection: Connection): void {
    for (const userId of watched) remove(this.#watchers, userId, connection);
  }

  isOnline(userId: string): boolean {
    return this.#online.has(userId);
  }

  connectionsOf(userId: string): Connection[] {
    return [...(this.#online.get(userId) ?? [])];
  }

  watchersOf(userId: string): Connection[] {
    return [...(this.#watchers.get(userId) ?? [])];
  }

  /** How many users are remembered in any way. */
  get size(): number {
    return this.#online.size + this.#watchers.size;
  }
}

function add(map: Map<string, Set<Connection>>, key: string, connection: Connection): boolean {
  const known = map.get(key);
  if (known) known.add(connection);
  else map.set(key, new Set([connection]));
  return known === undefined;
}

function remove(map: Map<string, Set<Connection>>, key: string, connection: Connection): boolean {
  const known = map.get(key);
  known?.delete(connection);
  return known?.size === 0 && map.delete(key);
}
