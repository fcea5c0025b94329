import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { authOptions } from '../../../lib/client/index.js';

const CHANNEL = { socketId: '1.2', channelName: 'private-a' };

function respond(status: number, body: unknown) {
  return jest
    .spyOn(globalThis, 'fetch')
    .mockImplementation(() => Promise.resolve(new Response(JSON.stringify(body), { status })));
}

function authorize(options?: Parameters<typeof authOptions>[0]): Promise<[Error | null, unknown]> {
  return new Promise((resolve) => {
    authOptions(options).channelAuthorization.customHandler(CHANNEL, (error, data: unknown) =>
      resolve([error, data]),
    );
  });
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('authOptions', () => {
  it('ask the endpoints of PusherAuthController with the cookies of the page', async () => {
    const send = respond(200, { auth: 'key:signature' });
    expect(await authorize()).toEqual([null, { auth: 'key:signature' }]);
    expect(send).toHaveBeenCalledWith('/pusher/auth', {
      method: 'POST',

      headers: { 'content-type': 'application/json' },
      body: '{"socket_id":"1.2","channel_name":"private-a"}',
    });
  });

  it('send a new token with each request, and further headers', async () => {
    const send = respond(200, {});
    let count = 0;
    const options = {
      path: 'https://api.example/broadcasting',
      token: () => Promise.resolve(`t${(count += 1)}`),
      headers: () => ({ 'x-csrf-token': 'c' }),
      credentials: 'include',
    } as const;
    await authorize(options);
    await authorize(options);
    expect(
      send.mock.calls.map(([address, init]) => [address, init?.credentials, init?.headers]),
    ).toEqual(
      ['t1', 't2'].map((token) => [
        'https://api.example/broadcasting/auth',
        'include',
        {
          'content-type': 'application/json',
          'x-csrf-token': 'c',
          authorization: `Bearer ${token}`,
        },
      ]),
    );
  });

  it('refuse an option of another name, which would have no effect', () => {
    const wrong = { header: () => ({}), token: 't' };
    expect(() => authOptions(wrong)).toThrow(
      new TypeError('"header" is not an option; check its spelling'),
    );
  });

  it('report a refusal as an error', async () => {
    respond(403, { message: 'no' });
    const [error, data] = await authorize();
    expect([error?.message, data]).toEqual(['/pusher/auth returned 403', null]);
  });

  it('ask the other endpoint for sign-ins', async () => {
    const send = respond(200, { auth: 'a', user_data: '{}' });
    const data = await new Promise((resolve) => {
      authOptions().userAuthentication.customHandler({ socketId: '1.2' }, (_error, user: unknown) =>
        resolve(user),
      );
    });
    expect(data).toEqual({ auth: 'a', user_data: '{}' });
    expect(send.mock.calls[0]?.[0]).toBe('/pusher/user-auth');
  });
});
