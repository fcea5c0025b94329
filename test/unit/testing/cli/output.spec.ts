import { describe, expect, it } from '@jest/globals';
import { activityJson, activityLine, painterFor } from '../../../../lib/testing/cli/output.js';
import type { ServerActivity, SentWebhook } from '../../../../lib/testing/index.js';

const at = new Date(2030, 0, 1, 9, 5, 7);
const plain = painterFor(false, {});
const published = { appId: 'a', event: 'e', channels: ['x', 'y'], data: '{"n":1}' };
const webhook: SentWebhook = {
  appId: 'a',
  url: 'http://localhost/hooks',
  headers: { 'x-pusher-signature': 'f'.repeat(64) },
  body: '{}',
  timeMs: 0,
  events: [{ name: 'channel_occupied', channel: 'x' }],
  attempts: [{ atMs: 0, status: 201, body: '' }],
  delivered: true,
};
const unsigned = {
  type: 'refused' as const,
  message: `POST /apps/a/events: 401 Invalid signature: you should have sent HmacSHA256Hex("…"), but you sent "${'f'.repeat(64)}"`,
};

const CASES: readonly (readonly [ServerActivity, string])[] = [
  [{ type: 'connected', appId: 'a', socketId: '1.2' }, 'connected    1.2'],
  [{ type: 'disconnected', appId: 'a', socketId: '1.2', code: 1001 }, 'disconnected 1.2 (1001)'],
  [{ type: 'subscribed', appId: 'a', socketId: '1.2', channel: 'x' }, 'subscribed   x by 1.2'],
  [
    { type: 'subscribed', appId: 'a', socketId: '1.2', channel: 'presence-x', userId: '7' },
    'subscribed   presence-x by user 7 on 1.2',
  ],
  [{ type: 'unsubscribed', appId: 'a', socketId: '1.2', channel: 'x' }, 'unsubscribed x by 1.2'],
  [{ type: 'signed_in', appId: 'a', socketId: '1.2', userId: '7' }, 'signed in    7 on 1.2'],
  [
    { type: 'client_event', appId: 'a', socketId: '1.2', channel: 'x', event: 'e', data: [1] },
    'client event e on x by 1.2 [1]',
  ],
  [{ type: 'published', appId: 'a', published }, 'published    e on x, y {"n":1}'],
  [{ type: 'webhook', appId: 'a', webhook }, 'webhook      channel_occupied x → 201'],
  [
    {
      type: 'webhook',
      appId: 'a',
      webhook: { ...webhook, attempts: [{ atMs: 0, error: 'late' }] },
    },
    'webhook      channel_occupied x → late',
  ],
  [
    {
      type: 'webhook',
      appId: 'a',
      webhook: {
        ...webhook,
        events: [{ name: 'member_added', channel: 'presence-x', user_id: '7' }],
      },
    },
    'webhook      member_added presence-x by user 7 → 201',
  ],
  [unsigned, 'refused      POST /apps/a/events: 401 Invalid signature'],
];

describe('a line of pusher-local', () => {
  it.each(CASES)('describes %j', (activity, line) => {
    expect(activityLine(activity, at, plain, false)).toBe(`09:05:07 ${line}`);
  });

  it('names the app when there are several', () => {
    const [[activity] = []] = CASES;
    expect(activityLine(activity as ServerActivity, at, plain, true)).toBe(
      '09:05:07 connected    a 1.2',
    );
  });

  it('stays one line, whatever is published', () => {
    const data = `a\nb\u001B[2J${'x'.repeat(200)}`;
    const line = activityLine(
      { type: 'published', appId: 'a', published: { ...published, data } },
      at,
      plain,
      false,
    );
    expect(line).toMatch(/^[^\p{Cc}]+…$/u);
    expect(line.length).toBeLessThan(200);
  });

  it('is JSON for programs, without signatures', () => {
    for (const [activity] of CASES) {
      const json = activityJson(activity, at);
      expect(JSON.parse(json)).toMatchObject({ atMs: at.getTime(), type: activity.type });
      expect(json).not.toContain('f'.repeat(64));
    }
  });

  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
  ])('is coloured on a terminal (%s, environment %j)', (isTerminal, env, coloured) => {
    expect(painterFor(isTerminal, env)('red', 'a') !== 'a').toBe(coloured);
  });
});
