import { describe, expect, it } from '@jest/globals';
import { Secret } from '../../../lib/runtime/secret.js';
import { GET, POST, type TransportFixture, within } from './fixture.js';

/** How a request is sent. */
export function requestsContract(fixture: () => TransportFixture): void {
  describe('sends', () => {
    it('method, target and body as they are, with a length', async () => {
      const raw = await fixture().server();
      await fixture().transport(raw.origin).send(POST, within(1000));
      expect(raw.seen).toEqual([
        expect.objectContaining({
          method: 'POST',
          url: POST.target,
          body: POST.body?.toString(),
        }),
      ]);
      expect(raw.seen[0]?.headers).toMatchObject({
        'content-type': 'application/json',
        'content-length': String(POST.body?.byteLength),
        accept: 'application/json',
        'accept-encoding': 'identity',
        'x-pusher-library': expect.stringMatching(/^nestjs-pusher-channels \d+\.\d+\.\d+$/),
      });
      expect(raw.seen[0]?.headers).not.toHaveProperty('transfer-encoding');
    });

    it('a GET without body, type and length', async () => {
      const raw = await fixture().server();
      await fixture().transport(raw.origin).send(GET, within(1000));
      expect(raw.seen[0]).toMatchObject({ method: 'GET', url: GET.target, body: '' });
      expect(raw.seen[0]?.headers).not.toHaveProperty('content-type');
      expect(raw.seen[0]?.headers).not.toHaveProperty('content-length');
    });

    it('the headers of the application, which take precedence', async () => {
      const raw = await fixture().server();
      const headers = new Secret({ 'X-Tenant': 'blue', Accept: 'text/plain' });
      await fixture().transport(raw.origin, { http: { headers } }).send(GET, within(1000));
      expect(raw.seen[0]?.headers).toMatchObject({ 'x-tenant': 'blue', accept: 'text/plain' });
    });
  });
}
