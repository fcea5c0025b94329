import { on, once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { run } from '../../../../lib/testing/cli/run.js';
import { PusherTestServer } from '../../../../lib/testing/index.js';

/** The program with a process that the test controls. */
function start(...argv: string[]) {
  const printed: string[] = [];
  const errors: string[] = [];
  let end: (() => void) | undefined;
  let look: (() => void) | undefined;
  const exit = run({
    argv,
    env: {},
    isTerminal: false,
    print: (line) => {
      printed.push(line);
      look?.();
    },
    printError: (line) => void errors.push(line),
    end: new Promise<void>((resolve) => (end = resolve)),
  });
  const line = async (fits: RegExp): Promise<string> => {
    for (;;) {
      const found = printed.find((each) => fits.test(each));
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (look = resolve));
    }
  };
  return { printed, errors, exit, end: () => end?.(), line };
}

describe('pusher-local', () => {
  it('prints the settings, shows what happens, and ends', async () => {
    const program = start('--port', '0', '--app', 'one:k1:s1', '--app', 'two:k2:s2');
    const greeting = await program.line(/Listening/);
    const [url = ''] = /http:\/\/k2:s2@127\.0\.0\.1:\d+\/apps\/two/.exec(greeting) ?? [];
    const port = new URL(url).port;
    expect(greeting).toContain(`PUSHER_URL=http://k1:s1@127.0.0.1:${port}/apps/one\n`);
    expect(greeting).toContain(
      `new Pusher("k1", { cluster: 'test', wsHost: '127.0.0.1', wsPort: ${port}, forceTLS: false, enabledTransports: ['ws'] })`,
    );
    await fetch(`http://127.0.0.1:${port}/apps/one/channels`);
    expect(await program.line(/refused/)).toMatch(
      /^\d\d:\d\d:\d\d refused {6}GET \/apps\/one\/channels: 401 Missing parameter: auth_key$/,
    );
    program.end();
    expect(await program.exit).toBe(0);
  });

  it('prints JSON for programs', async () => {
    const program = start('--port', '0', '--json', '--path-prefix', '/realtime');
    const greeting = JSON.parse(await program.line(/listening/)) as {
      apps: { url: string; port: number }[];
    };
    expect(greeting).toMatchObject({
      type: 'listening',
      apps: [{ appId: '1', key: 'local-key', url: expect.stringContaining('/realtime/apps/') }],
      clientOptions: { wsPath: '/realtime' },
    });
    await fetch(`http://127.0.0.1:${greeting.apps[0]?.port}/`);
    expect(JSON.parse(await program.line(/refused/))).toMatchObject({
      type: 'refused',
      message: 'GET /: 404 404 NOT FOUND',
    });
    program.end();
    expect(await program.exit).toBe(0);
  });

  it('turns features of an app on', async () => {
    const program = start('--port', '0', '--json', '--subscription-counts', '--no-client-events');
    const greeting = JSON.parse(await program.line(/listening/)) as { apps: { port: number }[] };
    const socket = new WebSocket(`ws://127.0.0.1:${greeting.apps[0]?.port}/app/local-key`);
    const frames = on(socket, 'message');
    await frames.next();
    socket.send('{"event":"pusher:subscribe","data":{"channel":"news"}}');
    await frames.next();
    const { value } = await frames.next();
    expect(String(value)).toContain('pusher_internal:subscription_count');
    socket.send('{"event":"client-a","channel":"private-b","data":{}}');
    expect(await program.line(/"refused"/)).toContain('To send client events, you must enable');
    socket.terminate();
    program.end();
    await program.exit;
  });

  it('prints nothing about webhooks without a URL', async () => {
    const program = start('--port', '0', '--json');
    const greeting = JSON.parse(await program.line(/listening/)) as { apps: { port: number }[] };
    const socket = new WebSocket(`ws://127.0.0.1:${greeting.apps[0]?.port}/app/local-key`);
    await once(socket, 'message');
    socket.send('{"event":"pusher:subscribe","data":{"channel":"news"}}');
    await program.line(/"subscribed"/);
    socket.terminate();
    await program.line(/"disconnected"/);
    program.end();
    await program.exit;
    expect(program.printed.join()).not.toContain('webhook');
  });

  it('prints its help', async () => {
    const program = start('--help');
    expect(await program.exit).toBe(0);
    expect(program.printed.join('\n')).toContain('Usage: pusher-local [options]');
  });

  it('says what is wrong with the command line', async () => {
    const program = start('--port', 'http');
    expect(await program.exit).toBe(2);
    expect(program.errors).toEqual([
      'pusher-local: --port takes a number from 0 to 65535\nTry: pusher-local --help',
    ]);
  });

  it('says when the port is taken', async () => {
    const server = await PusherTestServer.start();
    const program = start('--port', String(server.port));
    expect(await program.exit).toBe(1);
    expect(program.errors).toEqual([
      `pusher-local: listen EADDRINUSE: address already in use 127.0.0.1:${server.port}. The port is taken. Choose another with --port, or any free one with --port 0.`,
    ]);
    await server.stop();
  });
});
