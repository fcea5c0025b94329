import { describe, expect, it, jest } from '@jest/globals';
import {
  type PusherPresenceChannel,
  typedChannel,
  typedEcho,
  typedPresence,
} from '../../../lib/client/index.js';
import { LIBRARIES } from '../events/schemas.js';

const events = LIBRARIES.zod;
const MESSAGE = { id: '7', tags: [] };

/** A channel that delivers what the test gives it. */
class Channel implements PusherPresenceChannel {
  readonly name = 'presence-rooms.7';
  readonly sent: [string, unknown][] = [];
  readonly #callbacks = new Map<string, Set<(data: never) => void>>();
  readonly members = {
    count: 0,
    me: null as unknown,
    list: [] as unknown[],
    each: (callback: (member: never) => void) => {
      for (const member of this.members.list) callback(member as never);
    },
  };

  bind(event: string, callback: (data: never) => void): void {
    this.#callbacks.set(event, (this.#callbacks.get(event) ?? new Set()).add(callback));
  }

  unbind(event: string, callback: (data: never) => void): void {
    this.#callbacks.get(event)?.delete(callback);
  }

  listen = (event: string, callback: (data: never) => void): void => this.bind(event, callback);
  stopListening = (event: string, callback: (data: never) => void): void =>
    this.unbind(event, callback);

  trigger(event: string, data: unknown): boolean {
    return this.sent.push([event, data]) > 0;
  }

  deliver(event: string, data: unknown): void {
    for (const callback of this.#callbacks.get(event) ?? []) callback(data as never);
  }
}

describe('typedChannel', () => {
  it('gives a handler the payloads of its event until it is stopped', () => {
    const channel = new Channel();
    const received: { id: string }[] = [];
    const stop = typedChannel(events, channel).bind('message.created', (data) =>
      received.push(data),
    );
    channel.deliver('message.created', MESSAGE);
    channel.deliver('price.changed', { price: 1 });
    stop();
    channel.deliver('message.created', MESSAGE);
    expect(received).toEqual([MESSAGE]);
  });

  it('refuses an option of another name, which would have no effect', () => {
    const wrong = { chekc: true } as object;
    const message = '"chekc" is not an option; check its spelling';
    expect(() => typedChannel(events, new Channel(), wrong)).toThrow(message);
    expect(() => typedPresence()(events, new Channel() as never, wrong)).toThrow(message);
    expect(() => typedEcho(events, {} as never, wrong)).toThrow(message);
  });

  it('does not check payloads unless that is wanted', () => {
    const channel = new Channel();
    const handler = jest.fn();
    typedChannel(events, channel).bind('message.created', handler);
    channel.deliver('message.created', { id: 7 });
    expect(handler).toHaveBeenCalledWith({ id: 7 });
  });

  it('reports a payload that does not fit in place of calling the handler, when payloads are checked', () => {
    const channel = new Channel();
    const [handler, onInvalid] = [jest.fn(), jest.fn()];
    typedChannel(events, channel, { check: true, onInvalid }).bind('message.created', handler);
    channel.deliver('message.created', { id: 7, tags: [] });
    channel.deliver('message.created', MESSAGE);
    expect(handler.mock.calls).toEqual([[MESSAGE]]);
    expect(onInvalid.mock.calls).toEqual([
      [
        {
          channel: 'presence-rooms.7',
          event: 'message.created',
          issues: [expect.objectContaining({ path: ['id'], message: expect.any(String) })],
        },
      ],
    ]);
  });

  it('writes what does not fit to the console where nobody else wants it', () => {
    const log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const channel = new Channel();
    typedChannel(events, channel, { check: true }).bind('message.created', () => undefined);
    channel.deliver('message.created', { id: 7, tags: [] });
    expect(log.mock.calls).toEqual([
      ['Invalid payload', expect.objectContaining({ event: 'message.created' })],
    ]);
    log.mockRestore();
  });
});

it('typedEcho listens to the name of the event without a namespace', () => {
  const channel = new Channel();
  const handler = jest.fn();
  const stop = typedEcho(events, channel).bind('message.created', handler);
  channel.deliver('.message.created', MESSAGE);
  stop();
  channel.deliver('.message.created', MESSAGE);
  expect(handler.mock.calls).toEqual([[MESSAGE]]);
});

it('typedPresence gives the members at once and after every change', () => {
  const channel = new Channel();
  const room = typedPresence<{ name: string }>()(events, channel);
  const seen: string[][] = [];
  const stop = room.onMembers((members) => seen.push(members.map(({ info }) => info.name)));
  expect([room.me, seen]).toEqual([null, []]);
  const ada = { id: '1', info: { name: 'Ada' } };
  Object.assign(channel.members, { count: 1, me: ada, list: [ada] });
  channel.deliver('pusher:subscription_succeeded', {});
  channel.members.list.push({ id: '2', info: { name: 'Bob' } });
  channel.deliver('pusher:member_added', {});
  const late: unknown[] = [];
  room.onMembers((members) => late.push(members.length))();
  stop();
  channel.deliver('pusher:member_removed', {});
  expect([room.me, seen, late]).toEqual([ada, [['Ada'], ['Ada', 'Bob']], [2]]);
});
