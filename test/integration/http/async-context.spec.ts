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

let contexts: { caller: number | undefined; event: number }[] = [];
let server: RawServer | undefined;

function record(message: unknown): void {
  const { name } = JSON.parse((message as Created).request.body.toString()) as { name: string };
  contexts.push({ caller: caller.getStore(), event: Number(name) });
}

beforeEach(() => {
  contexts = [];
  diagnostics.subscribe('undici:request:create', record);
});

afterEach(async () => {
  diagnostics.unsubscribe('undici:request:create', record);
  await server?.stop();
});

/** Triggers from all callers at once, over four connections. */
async function triggerAll(respond?: RequestListener, options?: PusherModuleOptions): Promise<void> {
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
  await Promise.all(
    numbers.map((number) =>
      caller.run(number, () => pusher.trigger(`room-${number}`, String(number), {})),
    ),
  );
}

/** Responds with the status to every second request. */
function everySecond(status: number): RequestListener {
  let count = 0;
  return (_request, response) => {
    count += 1;
    response.writeHead(count % 2 ? status : 200).end('{}');
  };
}

describe('a request is made in the async context of its caller', () => {
  it.each<[string, RequestListener | undefined, PusherModuleOptions | undefined]>([
    ['when it waits for a connection', undefined, undefined],
    ['when it is retried', everySecond(503), undefined],
    ['when it waits because of a rate limit', everySecond(429), undefined],
    ['when it is sent with axios', undefined, { http: { maxConnections: 4, axios: {} } }],
  ])('%s', async (_when, respond, options) => {
    await triggerAll(respond, options);
    expect(contexts.length).toBeGreaterThanOrEqual(CALLERS);
    expect(contexts.filter((context) => context.caller !== context.event)).toEqual([]);
  });
});
