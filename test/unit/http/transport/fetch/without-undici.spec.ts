import { describe, expect, it } from '@jest/globals';
import {
  createTransport,
  type AppTransport,
} from '../../../../../lib/http/transport/create-transport.js';
import { FetchTransport } from '../../../../../lib/http/transport/fetch/fetch-transport.js';
import { SystemClock, Turn } from '../../../../../lib/runtime/clock.js';
import { Secret } from '../../../../../lib/runtime/secret.js';
import { rawOptions, type RawOptions } from '../../../../support/raw/options.js';

const REASON = 'the runtime does not compile WebAssembly';

function withoutUndici(http: RawOptions['http'] = {}): Promise<AppTransport> {
  return createTransport(rawOptions({ http }), new SystemClock(), new Turn(), async () => REASON);
}

describe('createTransport without undici', () => {
  it('sends with fetch, and says why', async () => {
    const { transport, withoutUndici: reason } = await withoutUndici();
    expect(transport).toBeInstanceOf(FetchTransport);
    expect(reason).toBe(REASON);
  });

  it.each([
    ['http.proxy', { proxy: new Secret('http://user:hush@proxy.example:3128') }],
    ['http.tls', { tls: new Secret({ ca: 'hush' }) }],
    ['http.keepAliveTimeoutMs', { keepAliveTimeoutMs: 5000 }],
    ['http.axios', { axios: new Secret({ timeout: 1 }) }],
  ])('rejects %s, which fetch cannot satisfy', async (option, http) => {
    const made = withoutUndici(http);
    await expect(made).rejects.toMatchObject({
      code: 'PUSHER_INVALID_OPTIONS',
      problems: [expect.stringContaining(`\`${option}\``)],
      message: expect.stringContaining(REASON),
    });
    await expect(made).rejects.not.toMatchObject({ message: expect.stringContaining('hush') });
  });

  it('names the docblock to use in a test environment without fetch', async () => {
    const { fetch } = globalThis;
    Object.assign(globalThis, { fetch: undefined });
    try {
      await expect(withoutUndici()).rejects.toMatchObject({
        code: 'PUSHER_INVALID_OPTIONS',
        problems: [expect.stringMatching(/no fetch.*"@jest-environment node"/)],
        message: expect.stringContaining(REASON),
      });
    } finally {
      Object.assign(globalThis, { fetch });
    }
  });

  it('rejects the use of its HttpService', async () => {
    const app = await withoutUndici();
    await expect(app.httpService()).rejects.toMatchObject({ code: 'PUSHER_INVALID_OPTIONS' });
  });

  it('does not send a path that a URL would change', async () => {
    const { transport } = await withoutUndici();
    const limits = { timeoutMs: 1000, deadlineMs: 1000 };
    await expect(
      transport.send({ method: 'GET', target: '/apps/3/channels/..' }, limits),
    ).rejects.toMatchObject({ code: 'PUSHER_NOT_SENT', maybeAccepted: false });
  });
});
