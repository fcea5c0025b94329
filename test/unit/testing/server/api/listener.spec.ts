import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PusherTestServer } from '../../../../../lib/testing/index.js';
import { RawSocket } from '../../../../support/testing/raw-socket.js';
import { sendSigned } from '../../../../support/testing/signed-request.js';

describe('a request to the test server', () => {
  let server: PusherTestServer;

  beforeEach(async () => {
    server = await PusherTestServer.start();
  });
  afterEach(() => server.stop());

  const isOccupied = async () =>
    (await sendSigned(server, { path: '/channels/news' })).text === '{"occupied":true}';

  it('is carried out after the frames that were sent before it', async () => {
    const { socket } = await RawSocket.connected(server);
    for (let round = 0; round < 10; round += 1) {
      socket.send({ event: 'pusher:subscribe', data: { channel: 'news' } });
      expect(await isOccupied()).toBe(true);
      socket.send({ event: 'pusher:unsubscribe', data: { channel: 'news' } });
      expect(await isOccupied()).toBe(false);
    }
  });

  it('does not find connections that the server has begun to close', async () => {
    const { socket } = await RawSocket.connected(server);
    await socket.request({ event: 'pusher:subscribe', data: { channel: 'news' } });
    const gone = server.disconnectAll();
    expect(await isOccupied()).toBe(false);
    await gone;
  });
});
