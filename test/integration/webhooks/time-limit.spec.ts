import { Injectable } from '@nestjs/common';
import { describe, expect, it, jest } from '@jest/globals';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import {
  OnPusherWebhook,
  type WebhookCall,
} from '../../../lib/webhooks/handlers/on-pusher-webhook.decorator.js';
import { PusherWebhookController } from '../../../lib/webhooks/endpoint/pusher-webhook.controller.js';
import { WebhookDispatcher } from '../../../lib/webhooks/handlers/webhook-dispatcher.js';
import type { Webhook } from '../../../lib/webhooks/webhook.js';
import type { ChannelOccupiedEvent } from '../../../lib/webhooks/webhook-event.js';
import { ADAPTERS } from '../../support/nest/adapters.js';
import { registered, WebhookServer } from '../../support/webhooks/server.js';
import { webhookBody } from '../../support/webhooks/signing.js';

const PATH = '/pusher/webhooks';
const BODY = webhookBody(
  { name: 'channel_occupied', channel: 'stuck' },
  { name: 'channel_occupied', channel: 'fine' },
);

/** A handler that never returns for the channel `stuck`, as long as it is stuck. */
@Injectable()
class Rooms {
  readonly calls: string[] = [];
  readonly signals: AbortSignal[] = [];
  isStuck = true;
  #waiting: { count: number; resolve: () => void }[] = [];

  @OnPusherWebhook('channel_occupied')
  occupied(
    { channel }: ChannelOccupiedEvent,
    _params: object,
    _webhook: Webhook,
    { signal }: WebhookCall,
  ): Promise<void> | undefined {
    this.calls.push(channel);
    this.signals.push(signal);
    for (const { count, resolve } of this.#waiting) if (this.calls.length >= count) resolve();
    return channel === 'stuck' && this.isStuck ? new Promise(() => undefined) : undefined;
  }

  /** Resolves when it has been called that often. */
  called(count: number): Promise<void> {
    if (this.calls.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }
}

/** Resolves when the next webhook has reached the dispatcher. */
function arrivalAt(dispatcher: WebhookDispatcher): Promise<void> {
  const dispatch = dispatcher.dispatch.bind(dispatcher);
  return new Promise((resolve) => {
    jest.spyOn(dispatcher, 'dispatch').mockImplementationOnce((...args) => {
      resolve();
      return dispatch(...args);
    });
  });
}

describe.each(ADAPTERS)('a handler that never returns, on %s', (_name, adapter) => {
  const start = async (webhooks: object, acknowledge: 'after' | 'before' = 'after') => {
    const clock = new ManualClock();
    const server = await WebhookServer.start({
      adapter,
      clock,
      apps: [registered({ webhooks })],
      controllers: [PusherWebhookController({ acknowledge })],
      providers: [Rooms],
    });
    const rooms = server.app.get(Rooms);
    return { server, rooms, clock, post: () => server.post(PATH, BODY) };
  };

  it.each([{}, { dedupe: true }])(
    'is named in a warning, then stopped, and receives its other events (%j)',
    async (webhooks) => {
      const { server, rooms, clock, post } = await start(webhooks);
      await using _ = server;
      const response = post();
      await rooms.called(1);
      await clock.advance(4000);
      expect(server.log).toEqual([
        expect.stringMatching(
          /^warn: Still running 4000 ms .*: Rooms\.occupied \("channel_occupied" on "stuck"\)\./,
        ),
      ]);
      await clock.advance(25_999);
      expect([rooms.calls, rooms.signals[0]?.aborted]).toEqual([['stuck'], false]);
      await clock.advance(1);
      expect((await response).status).toBe(500);
      expect(rooms.calls).toEqual(['stuck', 'fine']);
      expect(rooms.signals.map(({ aborted }) => aborted)).toEqual([true, false]);
      expect(rooms.signals[0]?.reason).toMatchObject({ name: 'TimeoutError' });
      expect(server.log.slice(1)).toEqual([
        expect.stringMatching(
          /^error: Rooms\.occupied failed for "channel_occupied" on "stuck": not finished within 30000 ms\..*handlerTimeoutMs/,
        ),
      ]);
      expect(clock.sleeping).toBe(0);
    },
  );

  it('is joined by a second delivery before its time is over, and started anew after it', async () => {
    const { server, rooms, clock, post } = await start({ dedupe: true });
    await using _ = server;
    const responses = [post()];
    await rooms.called(1);
    const second = arrivalAt(server.app.get(WebhookDispatcher));
    responses.push(post());
    await second;
    await clock.advance(29_999);
    expect(rooms.calls).toEqual(['stuck']);
    await clock.advance(1);
    expect((await Promise.all(responses)).map(({ status }) => status)).toEqual([500, 500]);
    rooms.isStuck = false;
    expect((await post()).status).toBe(200);
    expect(rooms.calls).toEqual(['stuck', 'fine', 'stuck']);
  });

  it('has the time that webhooks.handlerTimeoutMs gives it, for each event', async () => {
    const { server, rooms, clock, post } = await start({ handlerTimeoutMs: 700 });
    await using _ = server;
    const response = post();
    await rooms.called(1);
    await clock.advance(700);
    expect((await response).status).toBe(500);
    expect(server.log).toEqual([expect.stringContaining('not finished within 700 ms')]);
  });

  it('is stopped, too, when the response was sent before', async () => {
    const { server, rooms, clock, post } = await start({}, 'before');
    await using _ = server;
    expect((await post()).status).toBe(200);
    await rooms.called(1);
    await clock.advance(29_999);
    expect([server.log, rooms.calls]).toEqual([[], ['stuck']]);
    await clock.advance(1);
    expect(rooms.calls).toEqual(['stuck', 'fine']);
    expect(server.log).toEqual([expect.stringContaining('not finished within 30000 ms')]);
  });
});
