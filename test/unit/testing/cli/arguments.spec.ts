import { describe, expect, it } from '@jest/globals';
import { UsageError, commandIn } from '../../../../lib/testing/cli/arguments.js';

describe('the command line of pusher-local', () => {
  it('may be empty', () => {
    expect(commandIn([])).toEqual({
      kind: 'serve',
      json: false,
      server: {
        port: 6001,
        apps: [{ id: 'local', key: 'local-key', secret: 'local-secret' }],
      },
    });
  });

  it('takes every option', () => {
    const argv =
      '--port 7000 --host 0.0.0.0 --app a:b:c --app=chat:k:s:with:colons --json ' +
      '--webhook-url https://example.test/hooks --path-prefix /realtime';
    expect(commandIn(argv.split(' '))).toEqual({
      kind: 'serve',
      json: true,
      server: {
        port: 7000,
        host: '0.0.0.0',
        apps: [
          { id: 'a', key: 'b', secret: 'c' },
          { id: 'chat', key: 'k', secret: 's:with:colons' },
        ],
        webhookUrl: 'https://example.test/hooks',
        pathPrefix: '/realtime',
      },
    });
  });

  it.each([['--help'], ['-h'], ['--port', '1', '--help']])('requests help with %j', (...argv) => {
    expect(commandIn(argv)).toEqual({ kind: 'help' });
  });

  it.each([
    [['--app', 'a:b'], '--app takes id:key:secret'],
    [['--app', '::'], '--app takes id:key:secret'],
    [['--port', 'http'], '--port takes a number from 0 to 65535'],
    [['--port', '65536'], '--port takes a number from 0 to 65535'],
    [['--webhook-url', 'here'], '--webhook-url takes an http or https URL'],
    [['--webhook-url', 'ftp://a.test'], '--webhook-url takes an http or https URL'],
    [['--nothing'], "Unknown option '--nothing'"],
    [['extra'], "Unexpected argument 'extra'"],
    [['--port'], "Option '-p, --port <value>' argument missing"],
  ])('rejects %j', (argv, message) => {
    const parse = () => commandIn(argv);
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(message);
  });
});
