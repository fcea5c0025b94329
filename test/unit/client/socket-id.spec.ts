import axios from 'axios';
import { describe, expect, it, jest } from '@jest/globals';
import {
  angularSocketId,
  axiosWithSocketId,
  fetchWithSocketId,
  socketIdHeaders,
} from '../../../lib/client/index.js';

const pusher = { connection: { socket_id: '1.2' } };
const offline = { connection: {} };

describe('the header that names the connection', () => {
  it.each([
    ['pusher-js', pusher, { 'X-Socket-ID': '1.2' }],
    ['pusher-js without a connection', offline, {}],
    ['Laravel Echo', { socketId: () => '3.4' }, { 'X-Socket-ID': '3.4' }],
    ['Laravel Echo without a connection', { socketId: () => undefined }, {}],
  ])('comes from %s', (_what, source, headers) => {
    expect(socketIdHeaders(source)).toEqual(headers);
  });

  it.each([
    ['an address', '/orders', { headers: { a: 'b' } }, { a: 'b', 'x-socket-id': '1.2' }],
    ['an address without options', '/orders', undefined, { 'x-socket-id': '1.2' }],
    [
      'a Request',
      new Request('http://localhost/orders', { headers: { a: 'b' } }),
      undefined,
      { a: 'b', 'x-socket-id': '1.2' },
    ],
  ])('is added by fetchWithSocketId to %s', async (_what, input, init, headers) => {
    const send = jest.fn<typeof fetch>().mockResolvedValue(new Response());
    await fetchWithSocketId(pusher, send)(input, init);
    expect(Object.fromEntries(new Headers(send.mock.calls[0]?.[1]?.headers))).toEqual(headers);
  });

  it('is added by axios', async () => {
    const instance = axiosWithSocketId(
      pusher,
      axios.create({
        adapter: (config) =>
          Promise.resolve({
            data: config.headers.toJSON(),
            status: 200,
            statusText: '',
            headers: {},
            config,
          }),
      }),
    );
    expect((await instance.get('/orders')).data).toMatchObject({ 'X-Socket-ID': '1.2' });
  });

  it('is added by Angular', () => {
    const clone = jest.fn((changes: object) => changes as never);
    const next = jest.fn((request: object) => request);
    expect(angularSocketId(pusher)({ clone } as never, next as never)).toEqual({
      setHeaders: { 'X-Socket-ID': '1.2' },
    });
  });
});
