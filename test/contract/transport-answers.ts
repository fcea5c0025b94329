import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { headerOf } from '../../lib/http/transport/http-transport.js';
import { GET, POST, type TransportStage } from './transport-stage.js';

/** What counts as an answer, and how much of it is read. */
export function answersContract(stage: () => TransportStage): void {
  describe('takes as an answer', () => {
    it.each([200, 202, 204, 400, 401, 403, 404, 413, 429, 500, 503])('%d', async (status) => {
      const text = status === 204 ? '' : 'some text\n';
      const raw = await stage().server((_request, response) =>
        response.writeHead(status).end(text),
      );
      const answer = await stage().transport(raw.origin).send(POST, 1000);
      expect(answer).toMatchObject({ status, body: text });
    });

    it.each([301, 302, 303, 307, 308])('%d, which it does not follow', async (status) => {
      const elsewhere = await stage().server();
      const location = `${elsewhere.origin}/other`;
      const raw = await stage().server((_request, response) =>
        response.writeHead(status, { location }).end(),
      );
      const answer = await stage().transport(raw.origin).send(POST, 1000);
      expect(answer.status).toBe(status);
      expect(headerOf(answer, 'location')).toBe(location);
      expect(elsewhere.seen).toEqual([]);
      expect(raw.seen).toHaveLength(1);
    });

    it('one without type and length that ends with the connection', async () => {
      const raw = await stage().server((request) => {
        request.socket.end('HTTP/1.1 200 OK\r\n\r\n{"ok":true}');
      });
      expect((await stage().transport(raw.origin).send(POST, 1000)).body).toBe('{"ok":true}');
    });

    it('one in pieces that cut characters', async () => {
      const raw = await stage().server((_request, response) => {
        for (const byte of Buffer.from('{"a":"😀ü"}')) response.write(Buffer.of(byte));
        response.end();
      });
      expect((await stage().transport(raw.origin).send(GET, 1000)).body).toBe('{"a":"😀ü"}');
    });

    it('its headers by lower-case name', async () => {
      const raw = await stage().server((_request, response) =>
        response.writeHead(429, { 'Retry-After': '1.5' }).end(),
      );
      const answer = await stage().transport(raw.origin).send(GET, 1000);
      expect(headerOf(answer, 'retry-after')).toBe('1.5');
      expect(headerOf(answer, 'date')).toMatch(/GMT$/);
      expect(headerOf(answer, 'x-none')).toBeUndefined();
    });

    it('the one after an interim answer', async () => {
      const { transport: over } = await stage().behind('early-hints');
      expect(await over.send(POST, 1000)).toMatchObject({ status: 200, body: '{}' });
    });

    it('one that arrives byte by byte', async () => {
      const { transport: over } = await stage().behind('slow-bytes');
      expect(await over.send(POST, 2000)).toMatchObject({ status: 200, body: '{}' });
    });
  });

  describe('cuts off', () => {
    it.each([
      ['a long answer', (text: string) => ({ 'content-length': text.length })],
      ['a long answer without length', () => ({})],
    ])('%s, and the connection with it', async (_what, headers) => {
      const text = 'x'.repeat(100_000);
      const raw = await stage().server((_request, response) => {
        response.writeHead(200, headers(text));
        response.write(text);
      });
      const over = stage().transport(raw.origin, { http: { maxResponseBytes: 1000 } });
      const answer = await over.send(GET, 1000);
      expect(answer).toMatchObject({ status: 200, truncated: true });
      expect(answer.body.length).toBeLessThanOrEqual(text.length);
      await raw.closed();
      expect(raw.openSockets).toBe(0);
    });

    it('nothing that is just as long as allowed', async () => {
      const raw = await stage().server((_request, response) => response.end('x'.repeat(1000)));
      const over = stage().transport(raw.origin, { http: { maxResponseBytes: 1000 } });
      const answer = await over.send(GET, 1000);
      expect(answer.truncated).toBeUndefined();
      expect(answer.body).toHaveLength(1000);
    });

    it('no bomb, because it unpacks nothing', async () => {
      const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024));
      const raw = await stage().server((_request, response) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
      );
      const answer = await stage().transport(raw.origin).send(GET, 1000);
      expect(answer.body.length).toBeLessThanOrEqual(bomb.length);
      expect(headerOf(answer, 'content-encoding')).toBe('gzip');
    });
  });
}
