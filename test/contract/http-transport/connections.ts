import type { ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { HeldTimeouts } from '../../support/runtime/held-timeouts.js';
import { GET, POST, failureOf, type TransportFixture, within } from './fixture.js';

async function turns(count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) await turn();
}

/** How connections are kept, shared and closed. */
export function connectionsContract(fixture: () => TransportFixture): void {
  describe('connections', () => {
    it('are used again', async () => {
      const raw = await fixture().server();
      const over = fixture().transport(raw.origin);
      for (let round = 0; round < 5; round += 1)
        await over.send(round % 2 ? GET : POST, within(1000));
      expect(raw.connections).toBe(1);
    });

    it('are never more than allowed; the rest is queued', async () => {
      const held: ServerResponse[] = [];
      let most = 0;
      const raw = await fixture().server((_request, response) => {
        most = Math.max(most, held.push(response));
        if (held.length < 3) return;
        // Turns of the event loop in which a fourth could arrive, if there is one.
        void turns(50).then(() => held.splice(0).forEach((one) => one.end('{}')));
      });
      const over = fixture().transport(raw.origin, { http: { maxConnections: 3 } });
      const responses = await Promise.all(
        Array.from({ length: 30 }, () => over.send(POST, within(2000))),
      );
      expect(responses).toHaveLength(30);
      expect(most).toBe(3);
      expect(raw.connections).toBe(3);
    });

    it('are waited for within the deadline, however short the timeout of an exchange is', async () => {
      const clock = new HeldTimeouts();
      const raw = await fixture().server((_request, response) => {
        clock.pass(900);
        response.end('{}');
      });
      const over = fixture().transport(raw.origin, { http: { maxConnections: 1 } }, clock);
      const limits = { timeoutMs: 1000, deadlineMs: 10_000 };
      const sends = Array.from({ length: 9 }, () => over.send(POST, limits));
      expect(await Promise.all(sends)).toHaveLength(9);
    });

    it('are closed by destroy; what is in flight and what is queued fails', async () => {
      const { faults, transport: over } = await fixture().behind('black-hole', {
        http: { maxConnections: 1 },
      });
      const inFlight = failureOf(over.send(POST, within(5000)));
      await faults.requests(1);
      const queued = failureOf(over.send(POST, within(5000)));
      await over.destroy();
      expect(await inFlight).toMatchObject({ maybeAccepted: true });
      expect(await queued).toMatchObject({ code: 'PUSHER_NOT_SENT', maybeAccepted: false });
      expect(await failureOf(over.send(GET, within(1000)))).toMatchObject({
        code: 'PUSHER_NOT_SENT',
      });
      expect(await fixture().connectionsLeft(faults)).toBe(0);
    });
  });
}
