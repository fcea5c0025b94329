import { describe, expect, it } from '@jest/globals';
import type { PusherServer } from '../../../lib/index.js';
import { CAPABILITIES } from './capabilities.js';
import { ChannelsApplication } from './channels-application.js';
import type { StartServer } from './channels-servers.js';
import { columnOf } from './servers-page.js';

/** Observes a server row by row, and compares it with its column in docs/servers.md. */
export function serverContract(column: string, preset: PusherServer, start: StartServer): void {
  const cells = columnOf(column);

  describe(`docs/servers.md about ${column}`, () => {
    it('has a row for everything that is observed, and no other', () => {
      expect([...cells.keys()].toSorted()).toEqual(Object.keys(CAPABILITIES).toSorted());
    });

    it.each(Object.entries(CAPABILITIES))('is right about %s', async (row, observe) => {
      await using app = await ChannelsApplication.start(preset, start);
      await expect(observe(app)).resolves.toBe(cells.get(row));
    });
  });
}
