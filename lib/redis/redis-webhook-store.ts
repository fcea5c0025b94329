import { PusherOptionsError } from '../errors/pusher-options.error.js';
import type { WebhookStore } from '../options/webhook.options.js';

/** The commands of a transaction, as they are queued. */
interface Transaction {
  set(key: string, value: string, ...options: unknown[]): Transaction;
  get(key: string): Transaction;
  exec(): Promise<unknown>;
}

/**
 * A connected client of the package `ioredis` or `redis`, or one with the same commands: single
 * server, cluster, sentinel or pool. The application creates it and ends it.
 */
export interface RedisClient {
  /** Returns the value of a key, or `null`. */
  get(key: string): Promise<unknown>;
  /** Deletes a key. */
  del(key: string): Promise<unknown>;
  /** Its arguments differ between the two packages. */
  set: unknown;
  /** Begins a transaction. */
  multi: unknown;
}

/** The commands that are used. */
interface Commands extends RedisClient {
  set(key: string, value: string, ...options: unknown[]): Promise<unknown>;
  multi(): Transaction;
}

/** How events are stored in Redis. */
export interface RedisWebhookStoreOptions {
  /**
   * Begins every key. Applications that share a Redis server and receive the webhooks of the same app
   * need different ones, or one of them takes the events for handled that the other has handled.
   * @default ''
   */
  prefix?: string | undefined;
}

/**
 * Records in Redis which webhook events are finished, for `webhooks.dedupe.store`. Several instances
 * that share it run a handler once for an event, also when they receive it at the same moment.
 *
 * ```ts
 * import { Redis } from 'ioredis';
 * PusherModule.forRoot({ webhooks: { dedupe: { store: new RedisWebhookStore(new Redis()) } } });
 * ```
 */
export class RedisWebhookStore implements WebhookStore {
  readonly #client: Commands;
  readonly #prefix: string;
  /** The options of `SET`: both packages have the command, with different arguments. */
  readonly #setOptions: (ttlMs: number, isAbsent: boolean) => unknown[];

  /** @throws PusherOptionsError when the client has not the commands that are needed */
  constructor(client: RedisClient, options: RedisWebhookStoreOptions = {}) {
    const { get, set, del, multi } = Object(client) as Record<string, unknown>;
    if (![get, set, del, multi].every((command) => typeof command === 'function'))
      throw new PusherOptionsError(
        ['`client` must be a client of the package `ioredis` or `redis`, such as new Redis().'],
        'Invalid options for RedisWebhookStore',
      );
    this.#client = client as Commands;
    this.#prefix = options.prefix ?? '';
    this.#setOptions = 'pipeline' in client ? listedOptions : namedOptions;
  }

  /** Returns the value of the key; `undefined` when there is none, or it has expired. */
  async get(key: string): Promise<string | undefined> {
    return stringOf(await this.#client.get(this.#prefix + key));
  }

  /** Stores a value under a key, and replaces an earlier one. */
  async set(key: string, value: unknown, ttlMs?: number): Promise<void> {
    const options = ttlMs === undefined ? [] : this.#setOptions(ttlMs, false);
    await this.#client.set(this.#prefix + key, String(value), ...options);
  }

  /**
   * Stores a value under a key that has none, and returns the value that the key has then. Both
   * commands are sent in one transaction: a client may spread others over several connections.
   */
  async setIfAbsent(key: string, value: string, ttlMs: number): Promise<string | undefined> {
    const name = this.#prefix + key;
    const replies = await this.#client
      .multi()
      .set(name, value, ...this.#setOptions(ttlMs, true))
      .get(name)
      .exec();
    const [, reply] = Array.isArray(replies) ? replies : [];
    if (!Array.isArray(reply)) return stringOf(reply);
    // ioredis: an error and a reply for each command.
    const [error, found] = reply as readonly unknown[];
    if (error) throw error;
    return stringOf(found);
  }

  /** Removes a key. */
  async delete(key: string): Promise<void> {
    await this.#client.del(this.#prefix + key);
  }
}

/** As `ioredis` has them. */
function listedOptions(ttlMs: number, isAbsent: boolean): unknown[] {
  return isAbsent ? ['PX', ttlMs, 'NX'] : ['PX', ttlMs];
}

/** As `redis` has them. */
function namedOptions(ttlMs: number, isAbsent: boolean): unknown[] {
  return [isAbsent ? { PX: ttlMs, NX: true } : { PX: ttlMs }];
}

/** Clients can be configured to return bytes. */
function stringOf(reply: unknown): string | undefined {
  if (reply instanceof Uint8Array) return Buffer.from(reply).toString();
  return typeof reply === 'string' ? reply : undefined;
}
