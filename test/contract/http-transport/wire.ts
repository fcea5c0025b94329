import { EventEmitter, once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { headerOf } from '../../../lib/http/transport/http-transport.js';
import { HeldTimeouts } from '../../support/runtime/held-timeouts.js';
import { GET, POST, failureOf, type TransportFixture, within } from './fixture.js';

/** What only a transport that makes its connections itself can do. */
export function wireContract(fixture: () => TransportFixture): void {
  describe('on the wire', () => {
    it('sends no headers but its own', async () => {
      const raw = await fixture().server();
      await fixture().transport(raw.origin).send(GET, within(1000));
      expect(raw.seen[0]).toMatchObject({ method: 'GET', url: GET.target, body: '' });
      expect(Object.keys(raw.seen[0]?.headers ?? {}).toSorted()).toEqual([
        'accept',
        'accept-encoding',
        'connection',
        'host',
        'x-pusher-library',
      ]);
    });

    it('fails when no connection is made in time; nothing was sent', async () => {
      const { faults } = await fixture().behind('black-hole');
      // Waits for a handshake that never comes.
      const over = fixture().transport(faults.origin.replace('http', 'https'), { timeoutMs: 300 });
      expect(await failureOf(over.send(POST, within(60)))).toMatchObject({
        code: 'PUSHER_TIMEOUT',
        maybeAccepted: false,
        message: expect.stringContaining('no connection'),
      });
      await faults.closed();
      expect(faults.openSockets).toBe(0);
    });

    it('fails on a flood of interim responses, before the time is over', async () => {
      const { transport: over } = await fixture().behind('interim-flood');
      expect(await failureOf(over.send(POST, within(5000)))).toMatchObject({
        code: 'PUSHER_CONNECTION_FAILED',
        maybeAccepted: true,
      });
    });

    it('decompresses nothing, so that a compression bomb stays small', async () => {
      const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024));
      const raw = await fixture().server((_request, response) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
      );
      const received = await fixture().transport(raw.origin).send(GET, within(1000));
      expect(received.body.length).toBeLessThanOrEqual(bomb.length);
      expect(headerOf(received, 'content-encoding')).toBe('gzip');
    });
  });

  describe('connections of its own', () => {
    it('are not made for those whose deadline came while they waited', async () => {
      const clock = new HeldTimeouts();
      const arrivals = new EventEmitter();
      const raw = await fixture().server((request, response) => {
        if (request.method === 'GET') response.end('{}');
        else if (raw.seen.length === 2) arrivals.emit('both');
      });
      const over = fixture().transport(raw.origin, { http: { maxConnections: 2 } }, clock);
      const bothSent = once(arrivals, 'both');
      const sends = Array.from({ length: 60 }, () => failureOf(over.send(POST, within(1000))));
      await bothSent;
      clock.pass(1000);
      const codes = (await Promise.all(sends)).map(({ code }) => code);
      expect(codes.slice(0, 2)).toEqual(['PUSHER_TIMEOUT', 'PUSHER_TIMEOUT']);
      expect(new Set(codes.slice(2))).toEqual(new Set(['PUSHER_NOT_SENT']));
      // Is sent after all that still waits, and needs another connection.
      expect(await over.send(GET, within(1000))).toMatchObject({ status: 200 });
      expect(raw.seen).toHaveLength(3);
      expect(raw.connections).toBe(3);
    });

    it('are not written to once the server has closed them', async () => {
      const raw = await fixture().server();
      const over = fixture().transport(raw.origin);
      for (let round = 0; round < 20; round += 1) {
        await over.send(POST, within(1000));
        raw.cutAll();
      }
      expect(raw.seen).toHaveLength(20);
    });

    it('that close after each response without notice do no harm', async () => {
      const { upstream, transport: over } = await fixture().behind('close-after-response');
      for (let round = 0; round < 20; round += 1) await over.send(POST, within(1000));
      expect(upstream.seen).toHaveLength(20);
    });
  });
}
