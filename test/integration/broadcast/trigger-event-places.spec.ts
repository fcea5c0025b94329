import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakePusherService } from '../../../lib/testing/index.js';
import { Places } from '../../support/broadcast/places.js';

let places: Places;
let pusher: FakePusherService;

beforeEach(async () => {
  places = await Places.start();
  pusher = places.app.get(FakePusherService);
});

afterEach(() => places.app.close());

/** Calls the method in that place with the id of a room. */
type Call = (id: string) => Promise<unknown>;

describe.each<[string, Call]>([
  ['above @OnEvent', (id) => places.notify('above', id)],
  ['below @OnEvent', (id) => places.notify('below', id)],
  ['above @Mutation', (id) => places.mutate('above', id)],
  ['below @Mutation', (id) => places.mutate('below', id)],
  ['above @MessagePattern', (id) => places.deliver('above', id)],
  ['below @MessagePattern', (id) => places.deliver('below', id)],
  ['below @EventPattern', (id) => places.deliver('event', id)],
  ['in a command handler', (id) => places.open(id, 'plainly')],
  ['in a request-scoped command handler', (id) => places.open(id, 'in a request')],
])('@TriggerEvent %s', (_place, call) => {
  it('publishes once and keeps the result', async () => {
    expect(await call('7')).toEqual({ id: '7' });
    expect(pusher.triggered()).toEqual([
      { channels: ['rooms.7'], event: 'opened', data: { id: '7' } },
    ]);
  });

  it('keeps the result when the channel name is not valid, and in an outage', async () => {
    pusher.failNext(new Error('outage'));
    expect(await call('7')).toEqual({ id: '7' });
    expect(await call('not valid')).toEqual({ id: 'not valid' });
    pusher.assertNothingTriggered();
  });
});

describe.each(['above', 'below'])('@TriggerEvent %s @Cron', (name) => {
  it('publishes once for each run', async () => {
    await places.runJob(name, '7');
    await places.runJob(name, '8');
    expect(pusher.triggered().map(({ channels }) => channels)).toEqual([['rooms.7'], ['rooms.8']]);
  });

  it('leaves the job working when the channel name is not valid, and in an outage', async () => {
    pusher.failNext(new Error('outage'));
    for (const id of ['7', 'not valid', '8']) await places.runJob(name, id);
    expect(pusher.triggered().map(({ channels }) => channels)).toEqual([['rooms.8']]);
  });
});

describe.each<[string, Call]>([
  ['@OnEvent', (id) => places.notify('strict', id)],
  ['@Mutation', (id) => places.mutate('strict', id)],
  ['@MessagePattern', (id) => places.deliver('strict', id)],
  ['a command handler', (id) => places.open(id, 'strictly')],
])("@TriggerEvent with onFailure: 'throw' on %s", (_place, call) => {
  it('rejects when the event has not been accepted', async () => {
    pusher.failNext(new Error('outage'));
    await expect(call('7')).rejects.toBeDefined();
    await expect(call('not valid')).rejects.toBeDefined();
    expect(await call('7')).toEqual({ id: '7' });
    pusher.assertTriggeredTimes('opened', 1);
  });
});
