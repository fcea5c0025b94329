import type { HttpService } from '@nestjs/axios';
import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { BatchingPublisher } from './publishing/batching-publisher.js';
import { DirectPublisher } from './publishing/direct-publisher.js';
import type { EventPublisher } from './publishing/event-publisher.js';
import { ApiClient } from './http/api-client.js';
import { createTransport } from './http/transport/create-transport.js';
import type { PusherOptions } from './options/pusher-options.js';
import type { RandomSource } from './runtime/random.js';
import type { Clock } from './runtime/clock.js';

/** The line of one app to its server, from events to sockets. */
export class AppConnection implements OnApplicationShutdown {
  readonly api: ApiClient;
  readonly publisher: EventPublisher;
  readonly httpService: HttpService;
  readonly #batching?: BatchingPublisher;
  readonly #shutdownTimeoutMs: number;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(options: PusherOptions, clock: Clock, random: RandomSource) {
    this.#logger = new Logger(`Pusher:${options.name}`);
    const { transport, httpService } = createTransport(options);
    this.httpService = httpService;
    this.api = new ApiClient({ options, transport, clock, random, logger: this.#logger });
    const direct = new DirectPublisher({ api: this.api });
    const { batching, limits } = options;
    if (batching)
      this.#batching = new BatchingPublisher({ direct, options: batching, limits, clock });
    this.publisher = this.#batching ?? direct;
    this.#shutdownTimeoutMs = options.shutdownTimeoutMs;
    this.#clock = clock;
  }

  /** Last of Nest's hooks: whoever still triggers while the application winds down is heard. */
  async onApplicationShutdown(): Promise<void> {
    const begunAt = this.#clock.elapsed();
    const queue = await this.#batching?.close(this.#shutdownTimeoutMs);
    const rest = this.#shutdownTimeoutMs - (this.#clock.elapsed() - begunAt);
    const requests = await this.api.close(Math.max(0, rest));
    const unsent = queue?.unsent ?? 0;
    if (unsent + requests > 0)
      this.#logger.error(
        `Shut down after ${this.#shutdownTimeoutMs} ms with ${unsent} events unsent and ${requests} requests unanswered. Raise shutdownTimeoutMs to give them more time.`,
      );
  }
}
