import { describe, expect, it } from '@jest/globals';
import { headerOf } from '../../../lib/http/transport/http-transport.js';
import { GET, POST, type TransportFixture, within } from './fixture.js';

/** What counts as a response, and how much of it is read. */
export function responsesContract(fixture: () => TransportFixture): void {
  describe('resolves with a response', () => {
    it.each([200, 202, 204, 400, 401, 403, 404, 413, 429, 500, 503])(
      'of status %d',
      async (status) => {
        const text = status === 204 ? '' : 'some text\n';
        const raw = await fixture().server((_request, response) =>
          response.writeHead(status).end(text),
        );
        const received = await fixture().transport(raw.origin).send(POST, within(1000));
        expect(received).toMatchObject({ status, body: text });
      },
    );

    it.each([301, 302, 303, 307, 308])('of status %d, which it does not follow', async (status) => {
      const elsewhere = await fixture().server();
      const location = `${elsewhere.origin}/other`;
      const raw = await fixture().server((_request, response) =>
        response.writeHead(status, { location }).end(),
      );
      const received = await fixture().transport(raw.origin).send(POST, within(1000));
      expect(received.status).toBe(status);
      expect(headerOf(received, 'location')).toBe(location);
      expect(elsewhere.seen).toEqual([]);
      expect(raw.seen).toHaveLength(1);
    });

    it('without type and length that ends with the connection', async () => {
      const raw = await fixture().server((request) => {
        request.socket.end('HTTP/1.1 200 OK\r\n\r\n{"ok":true}');
      });
      expect((await fixture().transport(raw.origin).send(POST, within(1000))).body).toBe(
        '{"ok":true}',
      );
    });

    it('in pieces that cut characters', async () => {
      const raw = await fixture().server((_request, response) => {
        for (const byte of Buffer.from('{"a":"😀ü"}')) response.write(Buffer.of(byte));
        response.end();
      });
      expect((await fixture().transport(raw.origin).send(GET, within(1000))).body).toBe(
        '{"a":"😀ü"}',
      );
    });

    it('with its headers by lower-case name', async () => {
      const raw = await fixture().server((_request, response) =>
        response.writeHead(429, { 'Retry-After': '1.5' }).end(),
      );
      const received = await fixture().transport(raw.origin).send(GET, within(1000));
      expect(headerOf(received, 'retry-after')).toBe('1.5');
      expect(headerOf(received, 'date')).toMatch(/GMT$/);
      expect(headerOf(received, 'x-none')).toBeUndefined();
    });

    it('after an interim response', async () => {
      const { transport: over } = await fixture().behind('early-hints');
      expect(await over.send(POST, within(1000))).toMatchObject({ status: 200, body: '{}' });
    });

    it('that arrives byte by byte', async () => {
      const { transport: over } = await fixture().behind('slow-bytes');
      expect(await over.send(POST, within(2000))).toMatchObject({ status: 200, body: '{}' });
    });
  });

  describe('cuts off', () => {
    it.each([
      ['a long response', (text: string) => ({ 'content-length': text.length })],
      ['a long response without length', () => ({})],
    ])('%s, and the connection with it', async (_what, headers) => {
      const text = 'x'.repeat(100_000);
      const raw = await fixture().server((_request, response) => {
        response.writeHead(200, headers(text));
        response.write(text);
      });
      const over = fixture().transport(raw.origin, { http: { maxResponseBytes: 1000 } });
      const received = await over.send(GET, within(1000));
      expect(received).toMatchObject({ status: 200, truncated: true });
      expect(received.body.length).toBeLessThanOrEqual(text.length);
      expect(await fixture().connectionsLeft(raw)).toBe(0);
    });

    it('nothing that is exactly as long as allowed', async () => {
      const raw = await fixture().server((_request, response) => response.end('x'.repeat(1000)));
      const over = fixture().transport(raw.origin, { http: { maxResponseBytes: 1000 } });
      const received = await over.send(GET, within(1000));
      expect(received.truncated).toBeUndefined();
      expect(received.body).toHaveLength(1000);
    });
  });
}
