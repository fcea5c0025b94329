import { describe, expect, it } from '@jest/globals';
import { POST, failureOf, type TransportFixture, within } from './fixture.js';

/** What is reported when there was no response, above all whether the request may have been accepted. */
export function failuresContract(fixture: () => TransportFixture): void {
  describe('fails', () => {
    it('when nobody listens; nothing can have been accepted', async () => {
      const { faults, transport: over } = await fixture().behind('pass');
      await faults.down();
      const failure = await failureOf(over.send(POST, within(1000)));
      expect(failure).toMatchObject({ code: 'PUSHER_CONNECTION_FAILED', maybeAccepted: false });
      expect(failure.cause).toMatchObject({ code: 'ECONNREFUSED' });
      await faults.up();
      expect(await over.send(POST, within(1000))).toMatchObject({ status: 200 });
    });

    it.each([
      'reset-before',
      'close-before',
      'reset-after',
      'close-after',
      'half-a-response',
      'half-a-head',
      'length-too-long',
      'garbage',
    ] as const)('on %s; it may have been accepted', async (fault) => {
      const { transport: over } = await fixture().behind(fault);
      expect(await failureOf(over.send(POST, within(1000)))).toMatchObject({
        code: 'PUSHER_CONNECTION_FAILED',
        maybeAccepted: true,
      });
    });

    it.each(['black-hole', 'endless-body'] as const)(
      'on %s when the time is over, and closes the connection',
      async (fault) => {
        const { faults, transport: over } = await fixture().behind(fault);
        expect(await failureOf(over.send(POST, within(60)))).toMatchObject({
          code: 'PUSHER_TIMEOUT',
          maybeAccepted: true,
          message: expect.stringContaining('60 ms'),
        });
        expect(await fixture().connectionsLeft(faults)).toBe(0);
      },
    );

    it('when no connection gets free before the deadline; nothing was sent', async () => {
      const { faults, transport: over } = await fixture().behind('black-hole', {
        http: { maxConnections: 1 },
      });
      const first = failureOf(over.send(POST, within(300)));
      await faults.requests(1);
      expect(await failureOf(over.send(POST, { timeoutMs: 5000, deadlineMs: 20 }))).toMatchObject({
        code: 'PUSHER_NOT_SENT',
        maybeAccepted: false,
        message: 'all 1 connections to the server were busy until its deadline',
      });
      await first;
      expect(faults.records).toHaveLength(1);
    });
  });
}
