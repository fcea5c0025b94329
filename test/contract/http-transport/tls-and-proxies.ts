import { describe, expect, it } from '@jest/globals';
import { Secret } from '../../../lib/runtime/secret.js';
import { RAW_CERTIFICATE, RAW_CERTIFICATE_KEY } from '../../support/raw/certificate.js';
import { GET, POST, failureOf, type TransportFixture, within } from './fixture.js';

/** TLS and proxies. */
export function tlsAndProxiesContract(fixture: () => TransportFixture): void {
  describe('over TLS', () => {
    const pair = { cert: RAW_CERTIFICATE, key: RAW_CERTIFICATE_KEY };

    it('trusts the given certificates', async () => {
      const raw = await fixture().server(undefined, pair);
      const tls = new Secret({ ca: RAW_CERTIFICATE });
      expect(
        await fixture().transport(raw.origin, { http: { tls } }).send(GET, within(2000)),
      ).toMatchObject({
        status: 200,
      });
    });

    it('trusts no others, and sends nothing', async () => {
      const raw = await fixture().server(undefined, pair);
      expect(
        await failureOf(fixture().transport(raw.origin).send(POST, within(2000))),
      ).toMatchObject({
        code: 'PUSHER_CONNECTION_FAILED',
        maybeAccepted: false,
        cause: expect.objectContaining({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
      });
      expect(raw.seen).toEqual([]);
    });

    it('checks the name in the certificate', async () => {
      const raw = await fixture().server(undefined, pair);
      const tls = new Secret({ ca: RAW_CERTIFICATE, servername: 'other.example' });
      expect(
        await failureOf(
          fixture().transport(raw.origin, { http: { tls } }).send(POST, within(2000)),
        ),
      ).toMatchObject({
        maybeAccepted: false,
        cause: expect.objectContaining({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }),
      });
    });
  });

  describe('through a proxy', () => {
    const pair = { cert: RAW_CERTIFICATE, key: RAW_CERTIFICATE_KEY };

    it.each([
      ['http', 'http', undefined, undefined],
      ['https', 'http', pair, undefined],
      ['http', 'https', undefined, pair],
      ['https', 'https', pair, pair],
    ])(
      'reaches a server over %s, by a proxy over %s, with keep-alive',
      async (_to, _by, to, by) => {
        const raw = await fixture().server(undefined, to);
        const via = await fixture().proxy({ credentials: 'user:p%40ss', tls: by });
        const over = fixture().transport(raw.origin, {
          http: { proxy: new Secret(via.address), tls: new Secret({ ca: RAW_CERTIFICATE }) },
        });
        await over.send(POST, within(2000));
        await over.send(POST, within(2000));
        expect(raw.seen.map(({ url }) => url)).toEqual([POST.target, POST.target]);
        expect(raw.connections).toBe(1);
        expect(via.tunnels).toEqual([`127.0.0.1:${raw.port}`]);
      },
    );

    it('closes the tunnel to a server that cannot be trusted', async () => {
      const raw = await fixture().server(undefined, pair);
      const via = await fixture().proxy();
      const over = fixture().transport(raw.origin, { http: { proxy: new Secret(via.address) } });
      expect(await failureOf(over.send(POST, within(2000)))).toMatchObject({
        code: 'PUSHER_CONNECTION_FAILED',
        maybeAccepted: false,
        cause: expect.objectContaining({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
      });
      await via.closed();
      await raw.closed();
    });

    it('fails when the proxy rejects it; nothing can have been accepted', async () => {
      const raw = await fixture().server();
      const via = await fixture().proxy({ status: 407 });
      const over = fixture().transport(raw.origin, { http: { proxy: new Secret(via.address) } });
      expect(await failureOf(over.send(POST, within(2000)))).toMatchObject({
        code: 'PUSHER_CONNECTION_FAILED',
        maybeAccepted: false,
        message: expect.stringContaining('407'),
      });
      expect(raw.seen).toEqual([]);
    });

    it.each([
      ['over http', undefined],
      ['over https', pair],
    ])(
      'fails in time when a proxy %s never responds, and leaves nothing open',
      async (_by, tls) => {
        const raw = await fixture().server();
        const via = await fixture().proxy({ mute: true, tls });
        const over = fixture().transport(raw.origin, {
          http: { proxy: new Secret(via.address), tls: new Secret({ ca: RAW_CERTIFICATE }) },
        });
        expect(await failureOf(over.send(POST, within(100)))).toMatchObject({
          code: 'PUSHER_TIMEOUT',
          maybeAccepted: false,
          message: expect.stringContaining('no connection'),
        });
        await via.closed();
      },
    );

    it('leaves nothing open when it is closed while a tunnel is made', async () => {
      const raw = await fixture().server();
      const via = await fixture().proxy({ mute: true });
      const over = fixture().transport(raw.origin, { http: { proxy: new Secret(via.address) } });
      const requested = via.requested();
      const sent = failureOf(over.send(POST, within(5000)));
      await requested;
      await over.destroy();
      expect(await sent).toMatchObject({ maybeAccepted: false });
      await via.closed();
    });
  });
}
