import { AsyncLocalStorage } from 'node:async_hooks';
import diagnostics from 'node:diagnostics_channel';
import type { RequestListener } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PusherModuleOptions } from '../../../lib/index.js';
import { startPusher } from '../../support/nest/app-with-pusher.js';
import { RawServer } from '../../support/raw/server.js';

const CALLERS = 30;

/** What undici publishes when a request is made. */
interface Created {
  readonly request: { readonly body: Buffer };
}

/** The async context of each caller, as tracing libraries use it. */
const caller = new AsyncLocalStorage<number>();

/** In whose context each request was made, and whose events it had. */
let contexts: { caller: number | undefined; events: number[] }[] = [];
let server: RawServer | undefined;

function record(message: unknown): void {
  const body = (message as Created).request.body.toString();
  const events = Array.from(body.matchAll(/"name":"(\d+)"/g), ([, name]) => Number(name));
  contexts.push({ caller: caller.getStore(), events });
}

beforeEach(() => {
  contexts = [];
  diagnostics.subscribe('undici:request:create', record);
});

afterEach(async () => {
  diagnostics.unsubscribe('undici:request:create', record);
  await server?.stop();
});

/** Triggers from all callers at once, over four connections. Returns how many events were accepted. */
async function triggerAll(
  respond?: RequestListener,
  options?: PusherModuleOptions,
): Promise<number> {
  server = await RawServer.start(respond);
  const account = { appId: '3', key: 'key', secret: 'secret', host: '127.0.0.1', useTLS: false };
  const pusher = await startPusher({
    ...account,
    port: server.port,
    http: { maxConnections: 4 },
    retry: { maxAttempts: 20, baseDelayMs: 1, maxDelayMs: 2 },
    ...options,
  });
  const numbers = Array.from({ length: CALLERS }, (_, number) => number);
  const outcomes = await Promise.allSettled(
    numbers.map((number) =>
      caller.run(number, () => pusher.trigger(`room-${number}`, String(number), {})),
    ),
  );
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
}

/** Responds with the status to every second request. */
function everySecond(status: number): RequestListener {
  let count = 0;
  return (_request, response) => {
    count += 1;
    response.writeHead(count % 2 ? status : 200).end('{}');
  };
}

/** Rejects the requests that have the event 7. */
const withoutSeven: RequestListener = (_request, response) => {
  const isInvalid = server?.seen.at(-1)?.body.includes('"name":"7"') === true;
  response.writeHead(isInvalid ? 400 : 200).end('{}');
};

describe('a request is made in the async context of its caller', () => {
  it.each<[string, RequestListener | undefined, PusherModuleOptions | undefined]>([
    ['when it waits for a connection', undefined, undefined],
    ['when it is retried', everySecond(503), undefined],
    ['when it waits because of a rate limit', everySecond(429), undefined],
    ['when it is sent with axios', undefined, { http: { maxConnections: 4, axios: {} } }],
  ])('%s', async (_when, respond, options) => {
    expect(await triggerAll(respond, options)).toBe(CALLERS);
    expect(contexts.length).toBeGreaterThanOrEqual(CALLERS);
    expect(contexts.filter(({ caller: by, events }) => by !== events[0])).toEqual([]);
  });

  it.each<[string, RequestListener | undefined, PusherModuleOptions]>([
    ['in batches', undefined, { batching: true }],
    ['in batches in order', undefined, { batching: { order: 'channel' } }],
    ['in batches that wait for each other', undefined, { batching: { maxInFlight: 1 } }],
    ['in batches that are retried', everySecond(503), { batching: true }],
    ['in a batch that is split', withoutSeven, { batching: true }],
  ])('that is one of its callers %s', async (_how, respond, options) => {
    const rejected = respond === withoutSeven ? 1 : 0;
    expect(await triggerAll(respond, options)).toBe(CALLERS - rejected);
    expect(new Set(contexts.flatMap(({ events }) => events)).size).toBe(CALLERS);
    expect(contexts.filter(({ caller: by = -1, events }) => !events.includes(by))).toEqual([]);
  });
});
