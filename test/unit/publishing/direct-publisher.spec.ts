import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DirectPublisher } from '../../../lib/publishing/direct-publisher.js';
import { Api, type ApiRequest } from '../../../lib/http/api.js';

/** Answers every request with the same value and keeps what was asked. */
class RecordingApi extends Api {
  readonly requests: ApiRequest[] = [];
  settledCalls = 0;

  constructor(private readonly answer: unknown = {}) {
    super();
  }

  async request(request: ApiRequest): Promise<unknown> {
    this.requests.push(request);
    if (this.answer instanceof Error) throw this.answer;
    return this.answer;
  }

  async settled(): Promise<void> {
    this.settledCalls += 1;
  }
}

interface Vector {
  id: string;
  channel: string;
  event: string;
  data: string;
  request_body?: string;
  batch_request_body?: string;
}

const VECTORS = (
  JSON.parse(readFileSync(join(import.meta.dirname, '../../vectors/encryption.json'), 'utf8')) as {
    vectors: Vector[];
  }
).vectors;
const SENT = VECTORS.filter(({ request_body }) => request_body !== undefined);
const BATCHED = VECTORS.filter(({ batch_request_body }) => batch_request_body !== undefined);

const event = { name: 'e', data: '{}', channels: ['a'] };

describe('DirectPublisher', () => {
  it('finds the vectors', () => expect([SENT.length, BATCHED.length]).toEqual([11, 9]));

  it.each(SENT)('sends the event of the vector $id byte for byte', async (vector) => {
    const api = new RecordingApi();
    const { event: name, data, channel } = vector;
    await new DirectPublisher({ api }).publish({ name, data, channels: [channel] });
    expect(api.requests).toEqual([
      { method: 'POST', path: '/events', body: vector.request_body, idempotent: false },
    ]);
  });

  it.each(BATCHED)('sends the batch of the vector $id byte for byte', async (vector) => {
    const api = new RecordingApi();
    const { event: name, data, channel } = vector;
    await new DirectPublisher({ api }).publishBatch([{ channel, name, data }]);
    expect(api.requests).toEqual([
      { method: 'POST', path: '/batch_events', body: vector.batch_request_body, idempotent: false },
    ]);
  });

  it('sends socket id and attributes after the rest', async () => {
    const api = new RecordingApi();
    const publisher = new DirectPublisher({ api });
    const more = { name: 'e', data: 'ü"', socketId: '1.2', info: 'user_count' };
    await publisher.publish({ ...more, channels: ['presence-a', 'b'] });
    await publisher.publishBatch([
      { ...more, channel: 'presence-a' },
      { channel: 'b', name: 'f', data: '' },
    ]);
    expect(api.requests.map(({ body }) => body)).toEqual([
      '{"name":"e","data":"ü\\"","channels":["presence-a","b"],"socket_id":"1.2","info":"user_count"}',
      '{"batch":[{"channel":"presence-a","name":"e","data":"ü\\"","socket_id":"1.2","info":"user_count"},' +
        '{"channel":"b","name":"f","data":""}]}',
    ]);
  });

  it.each([
    ['the cloud', { channels: { a: { user_count: 3 }, b: {} } }, { a: { userCount: 3 }, b: {} }],
    ['soketi', { ok: true }, {}],
    ['nothing', {}, {}],
    ['a list', { channels: [] }, {}],
    ['null', null, {}],
    ['nonsense', { channels: { a: 7 } }, { a: {} }],
  ])('reads the answer of %s to an event', async (_server, answer, expected) => {
    const publisher = new DirectPublisher({ api: new RecordingApi(answer) });
    expect({ ...(await publisher.publish({ ...event, info: 'user_count' })) }).toEqual(expected);
  });

  it('tells nothing of channels when nothing was asked', async () => {
    const api = new RecordingApi({ channels: { a: { subscription_count: 1 } } });
    expect(await new DirectPublisher({ api }).publish(event)).toEqual({});
  });

  it.each([
    ['the cloud', { batch: [{ user_count: 3 }, {}] }, [{ userCount: 3 }, {}]],
    ['Reverb', { batch: {} }, [{}, {}]],
    ['soketi', { ok: true }, [{}, {}]],
    ['nothing', undefined, [{}, {}]],
    ['too few', { batch: [{ subscription_count: 1 }] }, [{ subscriptionCount: 1 }, {}]],
    ['too many', { batch: [{}, {}, {}] }, [{}, {}]],
  ])('reads the answer of %s to a batch', async (_server, answer, expected) => {
    const publisher = new DirectPublisher({ api: new RecordingApi(answer) });
    const entry = { channel: 'a', name: 'e', data: '{}' };
    expect(await publisher.publishBatch([entry, entry])).toEqual(expected);
  });

  it('hands on what went wrong', async () => {
    const fault = new Error('refused');
    const publisher = new DirectPublisher({ api: new RecordingApi(fault) });
    await expect(publisher.publish(event)).rejects.toBe(fault);
    await expect(publisher.publishBatch([])).rejects.toBe(fault);
  });

  it('waits for the requests under way', async () => {
    const api = new RecordingApi();
    await new DirectPublisher({ api }).flush();
    expect(api.settledCalls).toBe(1);
  });
});
