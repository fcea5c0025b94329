import { describe, expect, it } from '@jest/globals';
import { PusherTestServer } from '../../../../../lib/testing/index.js';
import { Recorder } from '../../../../../lib/testing/server/observe/recorder.js';
import { sendSigned } from '../../../../support/testing/signed-request.js';

const event = { name: 'e', data: 'd', channels: ['a'] };

describe('the records of a test server', () => {
  it('contain each request as it was received', async () => {
    const server = await PusherTestServer.start();
    await sendSigned(server, { path: '/channels', params: { filter_by_prefix: 'a b+c' } });
    await sendSigned(server, { path: '/events', body: event, tamper: (url) => (url.search = '') });
    const [query, unsigned] = server.requests();
    expect(query).toMatchObject({
      method: 'GET',
      path: `/apps/${server.options.appId}/channels`,
      query: { filter_by_prefix: 'a b+c', auth_key: server.key },
      rawQuery: expect.stringContaining('filter_by_prefix=a+b%2Bc'),
      headers: { host: `127.0.0.1:${server.port}` },
      body: '',
      status: 200,
    });
    expect(unsigned).toMatchObject({ rawQuery: '', body: JSON.stringify(event), status: 401 });
    await server.stop();
  });

  it('keep the newest when there is a limit', async () => {
    const server = await PusherTestServer.start({ recordLimit: 2 });
    for (let n = 0; n < 5; n += 1)
      await sendSigned(server, { path: '/events', body: { ...event, name: `e${n}` } });
    expect(server.published().map((published) => published.event)).toEqual(['e3', 'e4']);
    await server.stop();
  });

  it('never keep more than 10000 frames, the newest ones', () => {
    const { frames } = new Recorder({ recordLimit: Infinity, onActivity: () => undefined });
    const frame = { appId: 'a', socketId: '1.1', from: 'client' } as const;
    for (let n = 1; n <= 25_000; n += 1) frames.add({ ...frame, text: String(n) });
    expect(frames.all()).toHaveLength(10_000);
    expect(frames.all().at(-1)).toEqual({ ...frame, text: '25000' });
  });
});
