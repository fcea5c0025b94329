import type { HttpService } from '@nestjs/axios';
import { ApiClient } from '../../../lib/http/api-client.js';
import { createTransport } from '../../../lib/http/transport/create-transport.js';
import type { PusherOptions } from '../../../lib/options/pusher-options.js';
import { SystemRandomSource } from '../../../lib/runtime/random.js';
import { type Clock, SystemClock } from '../../../lib/runtime/clock.js';
import { keptLog } from '../runtime/kept-log.js';

export interface RawClient {
  readonly api: ApiClient;
  readonly httpService: HttpService;
  /** What was logged. */
  readonly log: { debug: string[]; warn: string[] };
}

/** A client over real connections, as the module makes it. */
export async function rawClient(
  options: PusherOptions,
  clock: Clock = new SystemClock(),
): Promise<RawClient> {
  const { lines: log, logger } = keptLog();
  const app = await createTransport(options, clock);
  const api = new ApiClient({
    options,
    transport: app.transport,
    clock,
    random: new SystemRandomSource(),
    logger,
  });
  return { api, log, httpService: await app.httpService() };
}
