import { ApiClient } from '../../../lib/http/api-client.js';
import type { ApiRequest } from '../../../lib/http/api.js';
import { KnownRandom } from '../runtime/known-random.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { rawOptions, type RawOptions } from './options.js';
import { type Scripted, ScriptedTransport } from './transport.js';
import { keptLog } from '../runtime/kept-log.js';

export const TRIGGER: ApiRequest = {
  method: 'POST',
  path: '/events',
  body: '{"a":1}',
  idempotent: false,
};
export const QUERY: ApiRequest = { method: 'GET', path: '/channels', idempotent: true };

/** A client over a scripted transport and a clock that stands still. */
export interface Setup {
  api: ApiClient;
  transport: ScriptedTransport;
  clock: ManualClock;
  log: { debug: string[]; warn: string[] };
}

export function make(script: Scripted[], options: RawOptions = {}): Setup {
  const transport = new ScriptedTransport(...script);
  const clock = new ManualClock(1_700_000_000_000);
  const { lines: log, logger } = keptLog();
  const api = new ApiClient({
    options: rawOptions({
      ...options,
      retry: { baseDelayMs: 100, maxDelayMs: 2000, deadlineMs: 10_000, ...options.retry },
    }),
    transport,
    clock,
    random: new KnownRandom(),
    logger,
  });
  return { api, transport, clock, log };
}

/** How the request ended after the time has passed. */
export async function outcome(
  { api, clock }: Setup,
  request: ApiRequest,
  passMs = 60_000,
): Promise<unknown> {
  const settled = api.request(request).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  await clock.advance(passMs);
  return settled;
}
