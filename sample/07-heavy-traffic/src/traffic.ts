import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { InjectPusher, PusherService } from 'nestjs-pusher-channels';
import { DistantServer } from './distant-server.js';

/** How many callers there are. Each waits for its event before it triggers the next. */
const CALLERS = 300;
const CHANNELS = 100;
const FIGURE_MS = 500;
/** How long a load lasts at most, because the page may have been closed. */
const LONGEST_MS = 60_000;

/** What the page shows. */
export interface Figure {
  perSecond: number;
  failed: number;
  isBatching: boolean;
  roundTripMs: number;
}

export interface Load {
  isRunning: boolean;
  isBatching: boolean;
  roundTripMs: number;
}

/** Triggers as many events as the server accepts, and publishes how many that are. */
@Injectable()
export class Traffic implements OnModuleDestroy {
  #load: Load = { isRunning: false, isBatching: false, roundTripMs: 20 };
  #accepted = 0;
  #failed = 0;
  #timer?: NodeJS.Timeout;

  constructor(
    @InjectPusher('single') private readonly single: PusherService,
    @InjectPusher('batching') private readonly batching: PusherService,
    private readonly page: PusherService<{ measured: Figure; stopped: null }>,
    private readonly server: DistantServer,
  ) {}

  get load(): Load {
    return this.#load;
  }

  /** Starts, stops or changes the load. */
  change(load: Load): void {
    const wasRunning = this.#load.isRunning;
    this.#load = load;
    this.server.roundTripMs = load.roundTripMs;
    if (load.isRunning && !wasRunning) this.#start();
    if (!load.isRunning) clearInterval(this.#timer);
  }

  onModuleDestroy(): void {
    this.change({ ...this.#load, isRunning: false });
  }

  #start(): void {
    const startedAt = performance.now();
    let from = startedAt;
    this.#accepted = 0;
    this.#failed = 0;
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.#publish((now - from) / 1000);
      from = now;
      if (now - startedAt < LONGEST_MS) return;
      this.change({ ...this.#load, isRunning: false });
      this.page.emit('traffic', 'stopped', null);
    }, FIGURE_MS);
    for (let caller = 0; caller < CALLERS; caller += 1) void this.#call(caller);
  }

  async #call(caller: number): Promise<void> {
    const channel = `load.${caller % CHANNELS}`;
    for (let event = 0; this.#load.isRunning; event += 1) {
      const pusher = this.#load.isBatching ? this.batching : this.single;
      const { ok } = await pusher.tryTrigger(channel, 'load', { caller, event });
      if (ok) this.#accepted += 1;
      else this.#failed += 1;
    }
  }

  #publish(seconds: number): void {
    const { isBatching, roundTripMs } = this.#load;
    const perSecond = Math.round(this.#accepted / seconds);
    this.page.emit('traffic', 'measured', {
      perSecond,
      failed: this.#failed,
      isBatching,
      roundTripMs,
    });
    this.#accepted = 0;
    this.#failed = 0;
  }
}
