import { EventEmitter, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FetchTransport } from '../../../../../lib/http/transport/fetch/fetch-transport.js';
import type { HttpResponse } from '../../../../../lib/http/transport/http-transport.js';
import { HeldTimeouts } from '../../../../support/runtime/held-timeouts.js';
import { rawOptions } from '../../../../support/raw/options.js';
import { RawServer } from '../../../../support/raw/server.js';

const LIMITS = { timeoutMs: 1000, deadlineMs: 1000 };

const failureOf = (sent: Promise<HttpResponse>): Promise<unknown> =>
  sent.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('FetchTransport', () => {
  const events = new EventEmitter();
  let clock: HeldTimeouts;
  let server: RawServer;
  let transport: FetchTransport;
  let aborted: Promise<unknown>;

  async function start(respond: (response: ServerResponse) => void): Promise<void> {
    aborted = once(events, 'aborted');
    server = await RawServer.start((_request, response) => {
      response.on('close', () => events.emit('aborted'));
      respond(response);
      events.emit('request');
    });
    const options = rawOptions({
      endpoint: { origin: server.origin },
      http: { maxResponseBytes: 1000 },
    });
    transport = new FetchTransport(options, clock);
  }

  const send = (): Promise<HttpResponse> =>
    transport.send({ method: 'GET', target: '/apps/3/channels' }, LIMITS);

  beforeEach(() => {
    clock = new HeldTimeouts();
  });

  afterEach(async () => {
    await transport.destroy();
    await server.stop();
  });

  it('aborts the request when the time is over, all of which it had', async () => {
    await start(() => undefined);
    const requested = once(events, 'request');
    const sent = failureOf(send());
    await requested;
    clock.pass(1000);
    expect(await sent).toMatchObject({
      code: 'PUSHER_TIMEOUT',
      maybeAccepted: true,
      message: expect.stringContaining('within 1000 ms'),
    });
    await aborted;
  });

  it('aborts the request when the response is too long', async () => {
    await start((response) => void response.write('x'.repeat(5000)));
    expect(await send()).toMatchObject({ status: 200, truncated: true });
    await aborted;
  });

  it('aborts the request when it is destroyed', async () => {
    await start(() => undefined);
    const requested = once(events, 'request');
    const sent = failureOf(send());
    await requested;
    await transport.destroy();
    expect(await sent).toMatchObject({ maybeAccepted: true });
    await aborted;
  });
});
