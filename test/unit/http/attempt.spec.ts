import { describe, expect, it } from '@jest/globals';
import type { LogSink } from '../../../lib/errors/line-logger.js';
import { type AttemptResult, Attempts } from '../../../lib/http/attempt.js';
import { SecretRedactor } from '../../../lib/http/secret-redactor.js';
import { ServerClock } from '../../../lib/http/server-clock.js';
import { RequestSigner } from '../../../lib/http/signing/sign-request.js';
import { TransportFailure } from '../../../lib/http/transport/http-transport.js';
import { Secret } from '../../../lib/runtime/secret.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { rawOptions } from '../../support/raw/options.js';
import { keptLog } from '../../support/runtime/kept-log.js';
import { type Scripted, ScriptedTransport, timeout } from '../../support/raw/transport.js';

const SECRET = 'a-secret-that-must-not-show';

const LIMITS = { timeoutMs: 1000, deadlineMs: 1000 };

/** Makes as many attempts as the script has entries. */
async function attempt(...script: Scripted[]): Promise<AttemptResult[]> {
  return attemptWith(keptLog().logger, ...script);
}

async function attemptWith(logger: LogSink, ...script: Scripted[]): Promise<AttemptResult[]> {
  const options = rawOptions({ credentials: { key: 'key', secret: new Secret(SECRET) } });
  const signer = new RequestSigner(options.credentials, options.endpoint);
  const clock = new ManualClock();
  const attempts = new Attempts({
    signer,
    transport: new ScriptedTransport(...script),
    clock,
    serverClock: new ServerClock(clock, logger),
    redactor: new SecretRedactor(options),
    logger,
  });
  const request = signer.prepare({ method: 'GET', path: '/channels', idempotent: true });
  const results: AttemptResult[] = [];
  for (const [index] of script.entries())
    results.push(await attempts.make(request, index + 1, LIMITS));
  return results;
}

describe('Attempts', () => {
  it('returns the value of a response that was accepted', async () => {
    expect(await attempt({ body: '{"a":1}' })).toEqual([{ kind: 'accepted', value: { a: 1 } }]);
  });

  it('returns a rejection without secrets in the text and the remedy', async () => {
    const headers = { location: `https://other.example/${SECRET}` };
    const [result] = await attempt({ status: 302, headers, body: `sent ${SECRET}` });
    expect(result).toMatchObject({
      kind: 'rejected',
      code: 'PUSHER_BAD_RESPONSE',
      status: 302,
      text: 'sent [redacted]',
      remedy: expect.stringContaining('https://other.example/[redacted]'),
    });
    expect(JSON.stringify(result)).not.toContain(SECRET);
  });

  it('returns a failure of the transport without secrets in the message and the cause', async () => {
    const cause = new Error(`cannot send ${SECRET}`);
    const failure = new TransportFailure('PUSHER_NOT_SENT', `no ${SECRET}`, false, cause);
    expect(await attempt(failure)).toMatchObject([
      {
        kind: 'unanswered',
        code: 'PUSHER_NOT_SENT',
        message: 'no [redacted]',
        maybeAccepted: false,
        cause: { message: 'cannot send [redacted]' },
      },
    ]);
  });

  it('counts the timeouts since the server last responded', async () => {
    const lost = new TransportFailure('PUSHER_CONNECTION_FAILED', 'reset', true);
    const results = await attempt(timeout(), timeout(), lost, timeout(), {}, timeout());
    const counts = results.map((result) => result.kind === 'unanswered' && result.timeoutsInARow);
    expect(counts).toEqual([1, 2, 0, 3, false, 1]);
  });

  it('takes a response that cannot be read for one that may have been accepted', async () => {
    const unreadable = { body: undefined as unknown as string };
    expect(await attempt(unreadable)).toMatchObject([
      {
        kind: 'unanswered',
        code: 'PUSHER_CONNECTION_FAILED',
        message: 'the response could not be read',
        maybeAccepted: true,
      },
    ]);
  });

  it.each([
    ['is off', false, 0],
    ['is on', true, 1],
  ])('builds no message for a debug log that %s: %j, %i', async (_what, isEnabled, messages) => {
    const { lines, logger } = keptLog();
    await attemptWith({ ...logger, isDebugEnabled: () => isEnabled }, {});
    expect(lines.debug).toHaveLength(messages);
  });
});
