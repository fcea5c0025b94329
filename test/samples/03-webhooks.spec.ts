import { beforeEach, describe, expect, it } from '@jest/globals';
import type { LoggerService } from '@nestjs/common';
import { signWebhook, type WebhookEventInput } from '../../lib/testing/index.js';
import { AppModule } from '../../sample/03-webhooks/src/app.module.js';
import type { Observed, OccupiedChannel } from '../../sample/03-webhooks/src/occupancy.js';
import { ChannelsServer } from '../../sample/shared/channels-server.js';
import { next } from '../support/testing/clients.js';
import { RunningSample } from './running-sample.js';

const WEBHOOKS = '/pusher/webhooks';
const KITCHEN = 'presence-rooms.kitchen';

const printed: string[] = [];
const logger: LoggerService = {
  log: (line: unknown) => void printed.push(String(line)),
  warn: (line: unknown) => void printed.push(`warning: ${String(line)}`),
  error: (line: unknown) => void printed.push(`error: ${String(line)}`),
};

/** Starts the sample as its `main.ts` does. */
async function start(): Promise<RunningSample> {
  const options = { rawBody: true, forceCloseConnections: true, logger };
  const sample = await RunningSample.start(AppModule, options);
  sample.app.get(ChannelsServer).sendWebhooksTo(sample.url + WEBHOOKS);
  return sample;
}

/** The list that the page shows, as soon as it fits. */
async function listOnPage(
  { url }: RunningSample,
  isWanted: (list: OccupiedChannel[]) => boolean,
): Promise<OccupiedChannel[]> {
  const { body } = await fetch(`${url}/occupancy`, { signal: AbortSignal.timeout(3000) });
  let text = '';
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    for (const [, data = ''] of text.matchAll(/^data: (.*)$/gm)) {
      const { channels } = JSON.parse(data) as Observed;
      if (isWanted(channels)) return channels;
    }
  }
  throw new Error(`The page did not receive that list: ${text}`);
}

/** Delivers a webhook as the server of the sample would, and returns the status of the response. */
async function deliver(
  { app, url }: RunningSample,
  events: WebhookEventInput[],
  { secret }: { secret?: string } = {},
): Promise<number> {
  const { options } = app.get(ChannelsServer);
  const credentials = { key: options.key ?? '', secret: secret ?? options.secret ?? '' };
  // The same bytes each time, as when Pusher tries again.
  const { headers, body } = signWebhook({ events, timeMs: 1_700_000_000_000 }, credentials);
  return (await fetch(url + WEBHOOKS, { method: 'POST', headers, body })).status;
}

describe('sample 03', () => {
  beforeEach(() => void printed.splice(0));

  it('serves its page', async () => {
    await using sample = await start();
    const [type, page] = await sample.served('/');
    expect(type).toBe('text/html; charset=utf-8');
    expect(page).toContain("new EventSource('/occupancy')");
  });

  it('learns from webhooks who comes and goes, and logs it', async () => {
    await using sample = await start();
    const [one, two] = await Promise.all([sample.client(), sample.client()]);
    await next(one.subscribe(KITCHEN), 'pusher:subscription_succeeded');
    await next(two.subscribe(KITCHEN), 'pusher:subscription_succeeded');
    await expect(listOnPage(sample, ([room]) => room?.visits === 2)).resolves.toEqual([
      { channel: KITCHEN, members: ['Ada', 'Grace'], visits: 2 },
    ]);

    one.unsubscribe(KITCHEN);
    await expect(listOnPage(sample, ([room]) => room?.members.length === 1)).resolves.toEqual([
      { channel: KITCHEN, members: ['Grace'], visits: 2 },
    ]);

    two.disconnect();
    await expect(listOnPage(sample, ({ length }) => length === 0)).resolves.toEqual([]);
    expect(printed).toEqual(
      expect.arrayContaining([
        `{"name":"channel_occupied","channel":"${KITCHEN}"}`,
        'Ada came to the kitchen: visit 1',
        'Grace came to the kitchen: visit 2',
      ]),
    );
    expect(printed.filter((line) => /^(?:warning|error)/.test(line))).toEqual([]);
  });

  it('counts a webhook that is delivered twice once', async () => {
    await using sample = await start();
    const ada = { name: 'member_added', channel: KITCHEN, userId: 'ada' };
    await expect(deliver(sample, [ada])).resolves.toBe(200);
    await expect(deliver(sample, [ada])).resolves.toBe(200);
    await expect(deliver(sample, [{ ...ada, userId: 'bob' }])).resolves.toBe(200);
    await expect(listOnPage(sample, () => true)).resolves.toEqual([
      { channel: KITCHEN, members: ['ada', 'bob'], visits: 2 },
    ]);
  });

  it('rejects a webhook that is signed with another secret', async () => {
    await using sample = await start();
    await expect(deliver(sample, [], { secret: 'guessed' })).resolves.toBe(401);
  });
});
