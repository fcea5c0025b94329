import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DirectPublisher } from '../../../lib/publishing/direct-publisher.js';
import { Api, type ApiRequest } from '../../../lib/http/api.js';

/** Responds to every request with the same value, and records the requests. */
class RecordingApi extends Api {
  readonly requests: ApiRequest[] = [];
  settledCalls = 0;

  constructor(private readonly response: unknown = {}) {
    super();
  }

  async request(request: ApiRequest): Promise<unknown> {
    this.requests.push(request);
    if (this.response instanceof Error) throw this.response;
    return this.response;
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
      {
        method: 'POST',
        path: '/batch_events',
        body: vector.batch_request_body,
        idempotent: false,
        events: 1,
      },
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
    ['Pusher', { channels: { a: { user_count: 3 }, b: {} } }, { a: { userCount: 3 }, b: {} }],
    ['soketi', { ok: true }, {}],
    ['a server without attributes', {}, {}],
    ['a server with a list of channels', { channels: [] }, {}],
    ['a server that sends null', null, {}],
    ['a server with numbers for attributes', { channels: { a: 7 } }, { a: {} }],
  ])('reads the response to an event from %s', async (_server, response, expected) => {
    const publisher = new DirectPublisher({ api: new RecordingApi(response) });
    expect({ ...(await publisher.publish({ ...event, info: 'user_count' })) }).toEqual(expected);
  });

  it('returns no attributes when none were requested', async () => {
    const api = new RecordingApi({ channels: { a: { subscription_count: 1 } } });
    expect(await new DirectPublisher({ api }).publish(event)).toEqual({});
  });

  it.each([
    ['Pusher', { batch: [{ user_count: 3 }, {}] }, [{ userCount: 3 }, {}]],
    ['Reverb', { batch: {} }, [{}, {}]],
    ['soketi', { ok: true }, [{}, {}]],
    ['a server without a body', undefined, [{}, {}]],
    [
      'a server with too few entries',
      { batch: [{ subscription_count: 1 }] },
      [{ subscriptionCount: 1 }, {}],
    ],
    ['a server with too many entries', { batch: [{}, {}, {}] }, [{}, {}]],
  ])('reads the response to a batch from %s', async (_server, response, expected) => {
    const publisher = new DirectPublisher({ api: new RecordingApi(response) });
    const one = { channel: 'a', name: 'e', data: '{}' };
    expect(await publisher.publishBatch([one, one])).toEqual(expected);
  });

  it('rejects with the error of the request', async () => {
    const error = new Error('rejected');
    const publisher = new DirectPublisher({ api: new RecordingApi(error) });
    await expect(publisher.publish(event)).rejects.toBe(error);
    await expect(publisher.publishBatch([])).rejects.toBe(error);
  });

  it('waits for the requests in flight when it is flushed', async () => {
    const api = new RecordingApi();
    await new DirectPublisher({ api }).flush();
    expect(api.settledCalls).toBe(1);
  });
});
