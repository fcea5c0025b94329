import type { Timers } from '../clock.js';

interface Cached {
  event: string;
  data: string;
  expiresMs: number;
}

/** The last event of each cache channel, for a limited time, whether anybody is there or not. */
export class EventCache {
  readonly #cached = new Map<string, Cached>();

  constructor(
    private readonly ttlMs: number,
    private readonly timers: Timers,
  ) {}

  put(channel: string, event: string, data: string): void {
    // Deleted first, so that the map stays in the order of expiry.
    this.#cached.delete(channel);
    this.#cached.set(channel, { event, data, expiresMs: this.timers.now() + this.ttlMs });
    this.#forgetExpired();
  }

  /** The cached event and the whole seconds that it has left. */
  get(channel: string): { event: string; data: string; ttl: number } | undefined {
    this.#forgetExpired();
    const cached = this.#cached.get(channel);
    if (!cached) return undefined;
    const { event, data, expiresMs } = cached;
    return { event, data, ttl: Math.ceil((expiresMs - this.timers.now()) / 1000) };
  }

  #forgetExpired(): void {
    for (const [channel, { expiresMs }] of this.#cached) {
      if (expiresMs > this.timers.now()) break;
      this.#cached.delete(channel);
    }
  }
}
