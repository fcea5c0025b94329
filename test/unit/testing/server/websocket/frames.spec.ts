import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import OfficialPusher from 'pusher';
import { PusherTestServer } from '../../../../../lib/testing/index.js';
import { type Frame, RawSocket } from '../../../../support/testing/raw-socket.js';
import { sendSigned } from '../../../../support/testing/signed-request.js';

let server: PusherTestServer;
let official: OfficialPusher;
let socket: RawSocket;
let socketId: string;

beforeEach(async () => {
  server = await PusherTestServer.start({ limits: { maxPresenceMembers: 2 } });
  official = new OfficialPusher({ ...server.options, port: String(server.port) });
  ({ socket, socketId } = await RawSocket.connected(server));
});
afterEach(() => server.stop());

const subscribe = (channel: string, auth: object = { auth: '' }) => ({
  event: 'pusher:subscribe',
  data: { ...auth, channel },
});
const authorized = (channel: string, member?: OfficialPusher.PresenceChannelData) =>
  subscribe(channel, official.authorizeChannel(socketId, channel, member));
const refusal = (message: unknown, code: number | null = null) => ({
  event: 'pusher:error',
  data: { code, message },
});

describe('the test server, to the letter of the protocol,', () => {
  it('sends a connection its socket id', async () => {
    const text = await RawSocket.open(server).nextText();
    expect(text).toMatch(
      /^\{"event":"pusher:connection_established","data":"\{\\"socket_id\\":\\"\d+\.\d+\\",\\"activity_timeout\\":120\}"\}$/,
    );
  });

  it.each([
    ['{"event":"pusher:ping","data":{}}', '{"event":"pusher:pong","data":"{}"}'],
    ['{"event":"pusher:ping"}', '{"event":"pusher:pong","data":"{}"}'],
    [
      '{"event":"pusher:subscribe","data":{"auth":"","channel":"news"}}',
      '{"event":"pusher_internal:subscription_succeeded","channel":"news","data":"{}"}',
    ],
    [
      // Other client libraries send their data as the server does.
      '{"event":"pusher:subscribe","data":"{\\"channel\\":\\"news\\"}"}',
      '{"event":"pusher_internal:subscription_succeeded","channel":"news","data":"{}"}',
    ],
  ])('replies to %s', async (sent, response) => {
    socket.send(sent);
    expect(await socket.nextText()).toBe(response);
  });

  it('lists the members of a presence channel, the new one among them', async () => {
    socket.send(authorized('presence-a', { user_id: '1', user_info: { name: 'Ada' } }));
    expect(await socket.nextText()).toBe(
      '{"event":"pusher_internal:subscription_succeeded","channel":"presence-a",' +
        '"data":"{\\"presence\\":{\\"ids\\":[\\"1\\"],\\"hash\\":{\\"1\\":{\\"name\\":\\"Ada\\"}},\\"count\\":1}}"}',
    );
  });

  it('keeps a user called __proto__ apart from the prototype', async () => {
    const { data } = await socket.request(authorized('presence-a', { user_id: '__proto__' }));
    expect(data).toBe('{"presence":{"ids":["__proto__"],"hash":{"__proto__":null},"count":1}}');
  });

  it('records frames in both directions', () => {
    expect(server.frames()).toMatchObject([
      { appId: server.options.appId, socketId, from: 'server' },
    ]);
    socket.send('{"event":"x"}');
    return server.until(
      () => server.frames().some(({ from, text }) => from === 'client' && text === '{"event":"x"}'),
      'the frame to be recorded',
    );
  });

  it('publishes the data as it came', async () => {
    await socket.request(subscribe('news'));
    await sendSigned(server, {
      path: '/events',
      body: { name: 'e', channel: 'news', data: '{"a": 1}' },
    });
    expect(await socket.nextText()).toBe('{"event":"e","channel":"news","data":"{\\"a\\": 1}"}');
  });
});

describe('the test server', () => {
  it.each([
    ['a string that is not JSON', 'hello', 'Invalid JSON received on socket'],
    ['an empty string', '', 'Invalid JSON received on socket'],
    ['a list', '[]', 'Expected event to be a string'],
    ['null', 'null', 'Expected event to be a string'],
    ['no event', '{}', 'Expected event to be a string'],
    ['an event that is not a string', '{"event":7}', 'Expected event to be a string'],
    ['an unknown event', '{"event":"x"}', 'Unsupported event received on socket: x'],
    [
      'an event of the server',
      '{"event":"pusher:connection_established"}',
      'Unsupported event received on socket: pusher:connection_established',
    ],
    ['no data', '{"event":"pusher:subscribe"}', 'Expected channel to be a string'],
    ['a bad channel name', subscribe('a b'), "Invalid channel name: 'a b'"],
    ['a long channel name', subscribe('x'.repeat(201)), expect.stringContaining('Invalid channel')],
    ['a channel with #', subscribe('#a'), 'Not signed in as the user of channel #a'],
    [
      'the channel of a user',
      subscribe('#server-to-user-1'),
      'Not signed in as the user of channel #server-to-user-1',
    ],
    ['no auth', subscribe('private-a', {}), "Invalid key in subscription auth data: ''"],
    [
      'an unknown key',
      subscribe('private-a', { auth: 'nobody:00' }),
      "Invalid key in subscription auth data: 'nobody'",
    ],
  ])('sends pusher:error for %s, and keeps the connection', async (_what, frame, message) => {
    expect(await socket.request(frame)).toEqual(refusal(message));
    expect(await socket.settled()).toEqual([]);
  });

  it('sends pusher:error 4009 for a sign-in with an unknown key', async () => {
    const data = { auth: 'nobody:00', user_data: '{"id":"1"}' };
    expect(await socket.request({ event: 'pusher:signin', data })).toEqual(
      refusal("Invalid key in subscription auth data: 'nobody'", 4009),
    );
  });

  it('says what should have been signed', async () => {
    const auth = `${server.key}:${'0'.repeat(64)}`;
    expect(await socket.request(subscribe('private-a', { auth }))).toEqual(
      refusal(
        `Invalid signature: Expected HMAC SHA256 hex digest of ${socketId}:private-a, but got ${'0'.repeat(64)}`,
      ),
    );
  });

  it('refuses a second subscription', async () => {
    await socket.request(subscribe('news'));
    expect(await socket.request(subscribe('news'))).toEqual(
      refusal('Existing subscription to channel news'),
    );
  });

  it.each([
    ['another channel', 'private-a', 'private-b'],
    ['a presence channel', 'private-a', 'presence-a'],
  ])('refuses a signature for %s', async (_what, signed, wanted) => {
    const auth = official.authorizeChannel(socketId, signed);
    expect(await socket.request(subscribe(wanted, auth))).toMatchObject({ event: 'pusher:error' });
  });

  it('refuses the signature for another socket', async () => {
    const auth = official.authorizeChannel('1.1', 'private-a');
    expect(await socket.request(subscribe('private-a', auth))).toMatchObject({
      event: 'pusher:error',
    });
  });

  it('refuses presence data that was changed after it was signed', async () => {
    const auth = official.authorizeChannel(socketId, 'presence-a', { user_id: '1' });
    const frame = subscribe('presence-a', { ...auth, channel_data: '{"user_id":"2"}' });
    expect(await socket.request(frame)).toMatchObject({ event: 'pusher:error' });
  });

  it.each([
    ['no channel data', undefined, /needs channel_data or a signed-in user/],
    ['no user id', {}, /must be JSON with a user_id/],
    ['an empty user id', { user_id: '' }, /must be JSON with a user_id/],
    ['a long user id', { user_id: 'x'.repeat(129) }, /longer than 128 characters/],
    [
      'much user info',
      { user_id: '1', user_info: { text: 'x'.repeat(1024) } },
      /larger than 1024 bytes/,
    ],
  ])('refuses presence with %s', async (_what, member, message) => {
    const auth = official.authorizeChannel(
      socketId,
      'presence-a',
      member as OfficialPusher.PresenceChannelData,
    );
    expect(await socket.request(subscribe('presence-a', auth))).toEqual(
      refusal(expect.stringMatching(message)),
    );
  });

  it('refuses one member too many, but not another connection of a member', async () => {
    expect(await join('1')).toMatchObject({ channel: 'presence-a' });
    expect(await join('2')).toMatchObject({ channel: 'presence-a' });
    expect(await join('3')).toEqual(refusal(expect.stringContaining('has 2 members')));
    expect(await join('2')).toMatchObject({ channel: 'presence-a' });
  });

  it('closes with 1003 after a binary frame', async () => {
    socket.send(Buffer.from('{"event":"pusher:ping"}'));
    expect(await socket.closed).toMatchObject({ code: 1003 });
  });

  it('closes with 1009 after a giant frame', async () => {
    socket.send('x'.repeat(100 * 1024 + 1));
    expect(await socket.closed).toMatchObject({ code: 1009 });
  });

  it('survives JSON that is nested 40,000 deep', async () => {
    const deep = `${'['.repeat(40_000)}${']'.repeat(40_000)}`;
    await socket.request(authorized('private-a'));
    socket.send(`{"event":"client-a","channel":"private-a","data":${deep}}`);
    expect(await socket.next()).toEqual(refusal('Invalid frame received on socket'));
    expect(await socket.settled()).toEqual([]);
  });

  it('survives any string and any frame', async () => {
    const frame = fc.record(
      {
        event: fc.constantFrom(
          'pusher:subscribe',
          'pusher:unsubscribe',
          'pusher:signin',
          'pusher:ping',
          'client-a',
        ),
        channel: fc.anything(),
        data: fc.oneof(
          fc.anything(),
          fc.record({ channel: fc.anything(), auth: fc.anything(), user_data: fc.anything() }),
        ),
      },
      { requiredKeys: [] },
    );
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      frame.map((fields) => safeJson(fields)),
    );
    await fc.assert(
      fc.asyncProperty(text, async (sent) => {
        socket.send(sent);
        await socket.settled();
      }),
      { numRuns: 300 },
    );
  });
});

async function join(userId: string): Promise<Frame> {
  const each = await RawSocket.connected(server);
  const auth = official.authorizeChannel(each.socketId, 'presence-a', { user_id: userId });
  return each.socket.request(subscribe('presence-a', auth));
}

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}
