import { describe, expect, it } from '@jest/globals';
import { UsageError, commandIn } from '../../../../lib/testing/cli/arguments.js';

describe('the command line of pusher-local', () => {
  it('may be empty', () => {
    expect(commandIn([])).toEqual({
      kind: 'serve',
      json: false,
      server: {
        port: 6001,
        apps: [{ id: '1', key: 'local-key', secret: 'local-secret' }],
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

  it('sets features of all apps', () => {
    const masterKey = Buffer.alloc(32, 1).toString('base64');
    const argv =
      '--app a:b:c --app d:e:f --no-client-events --subscription-counts --no-watchlist-events ' +
      `--master-key ${masterKey} --authorization-timeout 10 --max-connections 5 ` +
      '--webhook-events member_added,member_removed --webhook-batch 50 --webhook-retry';
    const features = {
      clientEvents: false,
      subscriptionCount: true,
      watchlistEvents: false,
      encryptionMasterKeyBase64: masterKey,
      authorizationTimeoutMs: 10_000,
      maxConnections: 5,
      webhookEvents: ['member_added', 'member_removed'],
    };
    expect(commandIn(argv.split(' '))).toEqual({
      kind: 'serve',
      json: false,
      server: {
        port: 6001,
        apps: [
          { id: 'a', key: 'b', secret: 'c', ...features },
          { id: 'd', key: 'e', secret: 'f', ...features },
        ],
        webhooks: { batchWindowMs: 50, retry: true },
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
    [['--master-key', 'abc'], '--master-key takes 32 bytes in base64'],
    [['--max-connections', '-1'], "Option '--max-connections' argument is ambiguous"],
    [['--max-connections', 'many'], '--max-connections takes a whole number'],
    [['--authorization-timeout', '1.5'], '--authorization-timeout takes a whole number'],
    [['--webhook-batch', 'yes'], '--webhook-batch takes a whole number'],
    [['--webhook-events', 'memberadded,cache-mis'], 'subscription_count. Write member_added'],
    [['--webhook-events', 'member_add'], '--webhook-events takes names separated by commas'],
    [['--subscription-counts=yes'], "Option '--subscription-counts' does not take an argument"],
    [['--prot', '7000'], '--prot is not an option; use --port'],
    [['--webhookUrl', 'http://a.test'], '--webhookUrl is not an option; use --webhook-url'],
    [['--client-event'], '--client-event is not an option; use --client-events'],
    [['--no-client-event'], '--no-client-event is not an option; use --no-client-events'],
    [['--subscription-count'], '--subscription-count is not an option; use --subscription-counts'],
    [['--secret', 'abc'], '--secret is not an option; use --app'],
    [['-P', '7000'], '-P is not an option; use -p'],
    [['port', '7000'], 'port is not an option; use --port'],
    [['--nothing'], "Unknown option '--nothing'"],
    [['extra'], "Unexpected argument 'extra'"],
    [['--port'], "Option '-p, --port <value>' argument missing"],
  ])('rejects %j', (argv, message) => {
    const parse = () => commandIn(argv);
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(message);
  });
});
