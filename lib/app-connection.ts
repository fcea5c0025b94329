import type { HttpService } from '@nestjs/axios';
import type { OnApplicationShutdown } from '@nestjs/common';
import { LineLogger } from './errors/line-logger.js';
import { ApiClient } from './http/api-client.js';
import { ErrorLocator } from './http/error-locator.js';
import {
  type AppTransport,
  NoTransport,
  createTransport,
} from './http/transport/create-transport.js';
import { hostAndPort } from './options/address/endpoint.js';
import type { PusherOptions } from './options/pusher-options.js';
import { BackgroundPublisher } from './publishing/background/background-publisher.js';
import { BatchingPublisher } from './publishing/batching/batching-publisher.js';
import { CountedPublisher } from './publishing/counted-publisher.js';
import { DirectPublisher } from './publishing/direct-publisher.js';
import type { EventPublisher } from './publishing/event-publisher.js';
import type { PusherMetrics } from './publishing/metrics.js';
import { UndeliveredPublisher } from './publishing/undelivered-publisher.js';
import { type Clock, Turn } from './runtime/clock.js';
import type { RandomSource } from './runtime/random.js';
import { type AppShutdown, shutDown } from './shutdown.js';

/** What a connection is made of. */
interface ConnectionParts {
  readonly options: PusherOptions;
  readonly carrier: AppTransport;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Batches gather during the turn in which a connection is waited for. */
  readonly turn: Turn;
  readonly shutdown: AppShutdown;
}

/** What one app sends requests with: HTTP client and event publisher. Ends them on shutdown. */
export class AppConnection implements OnApplicationShutdown {
  readonly api: ApiClient;
  readonly publisher: EventPublisher;
  readonly background: BackgroundPublisher;
  readonly #counted: CountedPublisher;
  readonly #carrier: AppTransport;
  readonly #batching?: BatchingPublisher;
  readonly #shutdown: AppShutdown;
  readonly #shutdownTimeoutMs: number;
  readonly #clock: Clock;
  readonly #logger: LineLogger;

  /** Loads what carries requests. Nothing is connected yet. */
  static async create(
    options: PusherOptions,
    clock: Clock,
    random: RandomSource,
    shutdown: AppShutdown,
  ): Promise<AppConnection> {
    const turn = new Turn();
    const carrier = await createTransport(options, clock, turn);
    return new AppConnection({ options, carrier, clock, random, turn, shutdown });
  }

  private constructor({ options, carrier, clock, random, turn, shutdown }: ConnectionParts) {
    this.#logger = new LineLogger(`Pusher:${options.name}`);
    this.#carrier = carrier;
    const isSending = options.delivery === 'send';
    const transport = isSending ? carrier.transport : new NoTransport(options.delivery);
    if (carrier.withoutUndici !== undefined)
      this.#logger.log(`Requests are sent with fetch, because ${carrier.withoutUndici}.`);
    this.api = new ApiClient({ options, transport, clock, random, logger: this.#logger });
    const direct = new DirectPublisher({ api: this.api });
    const { batching, limits, http, retry, timeoutMs } = options;
    if (batching && isSending)
      this.#batching = new BatchingPublisher({
        direct,
        options: batching,
        limits,
        maxConnections: http.maxConnections,
        deadlineMs: retry.deadlineMs,
        maxCallMs: Math.max(retry.deadlineMs, timeoutMs),
        clock,
        turn,
      });
    if (!isSending)
      this.#logger.warn(
        `Nothing is sent: delivery is '${options.delivery}'. Leave it out where events shall arrive.`,
      );
    this.#counted = new CountedPublisher(
      isSending ? (this.#batching ?? direct) : this.#undelivered(options.delivery),
    );
    this.publisher = this.#counted;
    this.background = new BackgroundPublisher({
      app: options.name,
      publisher: this.publisher,
      clock,
      logger: this.#logger,
      locator: new ErrorLocator(hostAndPort(options.endpoint.origin)),
      onFailure: options.onFailure,
    });
    this.#shutdown = shutdown;
    shutdown.add(() => this.#shutDown());
    this.#shutdownTimeoutMs = options.shutdownTimeoutMs;
    this.#clock = clock;
  }

  #undelivered(delivery: PusherOptions['delivery']): EventPublisher {
    return new UndeliveredPublisher(
      delivery === 'log' ? (message) => this.#logger.log(message) : undefined,
    );
  }

  /** The `HttpService` that can intercept the requests; loads axios. */
  httpService(): Promise<HttpService> {
    return this.#carrier.httpService();
  }

  /** What has become of the events of the app so far. */
  metrics(): PusherMetrics {
    return {
      sent: this.#counted.sent,
      failed: this.#counted.failed + this.background.failed,
      retried: this.api.retried,
      batched: this.#batching?.batched ?? 0,
      queued: this.#batching?.queued ?? 0,
      inFlight: this.api.pending,
      held: this.background.held,
    };
  }

  /** Nest's last hook, so that what the application triggers in its own shutdown hooks is still sent. */
  onApplicationShutdown(): Promise<void> {
    return this.#shutdown.end();
  }

  async #shutDown(): Promise<void> {
    this.background.close();
    await shutDown({
      batching: this.#batching,
      api: this.api,
      timeoutMs: this.#shutdownTimeoutMs,
      clock: this.#clock,
      logger: this.#logger,
    });
  }
}
