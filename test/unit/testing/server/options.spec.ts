import { describe, expect, it } from '@jest/globals';
import { PusherTestServer } from '../../../../lib/testing/index.js';
import { serverSettings } from '../../../../lib/testing/server/options.js';
import { sendSigned } from '../../../support/testing/signed-request.js';

const event = { name: 'e', data: 'd', channels: ['a'] };
const withoutPrefix = (url: URL) => (url.pathname = url.pathname.replace('/realtime', ''));

describe('PusherTestServer.start', () => {
  it('treats an option that is undefined as left out', () => {
    const onActivity = (): void => undefined;
    const undefinedOptions = {
      onActivity,
      host: undefined,
      apps: [{ key: undefined, webhookUrl: undefined }],
      limits: { maxDataBytes: undefined },
      webhooks: { timeoutMs: undefined },
    };
    expect(serverSettings({ ...undefinedOptions, webhookUrl: 'http://a.test' })).toEqual(
      serverSettings({ webhookUrl: 'http://a.test', onActivity }),
    );
  });

  it.each([
    [{ prot: 6001 }, '`prot` is not an option; use `port`'],
    [{ apps: [{ appId: '7' }] }, '`apps[0].appId` is not an option; use `id`'],
    [{ apps: [{}, { subscriptionCounts: true }] }, '`apps[1].subscriptionCounts` is not an option'],
    [{ limits: { maxMembers: 2 } }, '`limits.maxMembers` is not an option'],
    [{ webhooks: { retries: true } }, '`webhooks.retries` is not an option; use `retry`'],
    [{ port: 'six' }, '`port` must be a number from 0 up; a string was given'],
    [{ port: -1 }, '`port` must be a number from 0 up; -1 was given'],
    [{ port: 65_536 }, '`port` must be a whole number from 0 to 65535; 65536 was given'],
    [{ port: 1.5 }, '`port` must be a whole number from 0 to 65535; 1.5 was given'],
    [{ apps: {} }, '`apps` must be an array; an object was given'],
    [{ apps: ['7'] }, '`apps[0]` must be an object such as { id: 1'],
    [
      { apps: [{ id: {} }] },
      '`apps[0].id` must be a string or a number from 0 up; an object was given',
    ],
    [{ apps: [{ id: ' 7' }] }, '`apps[0].id` has white space around it. Remove it.'],
    [{ apps: [{ key: '' }] }, '`apps[0].key` must be a non-empty string'],
    [{ apps: [{ enabled: 'no' }] }, '`apps[0].enabled` must be a boolean; "no" was given'],
    [
      { apps: [{ encryptionMasterKeyBase64: 'key' }] },
      '`apps[0].encryptionMasterKeyBase64` must be 32 bytes in base64',
    ],
    [
      { apps: [{ previousCredentials: [{ key: 'old' }] }] },
      '`apps[0].previousCredentials[0].secret` must be a non-empty string; undefined was given',
    ],
    [
      { apps: [{ previousCredentials: ['old'] }] },
      "`apps[0].previousCredentials[0]` must be an object such as { key: 'old-key'",
    ],
    [
      { apps: [{ webhookEvents: ['member_added', 'member_remved'] }] },
      '"member_remved" was given. Write \'member_removed\'',
    ],
    [{ apps: [{ webhookUrl: 'here' }] }, '`apps[0].webhookUrl` must be an http or https URL'],
    [{ webhookUrl: 'ftp://a.test' }, '; "ftp://a.test" was given'],
    [
      { webhooks: { timeoutMs: NaN } },
      '`webhooks.timeoutMs` must be a number from 0 up; NaN was given',
    ],
    [
      { webhooks: { batchWindowMs: 'x' } },
      '`webhooks.batchWindowMs` must be a number from 0 up or a boolean',
    ],
    [{ webhooks: { batchWindowMs: true } }, 'must be a number of milliseconds, or false'],
    [{ onActivity: 'log' }, '`onActivity` must be a function; a string was given'],
    [{ webhookUrl: 5 }, '`webhookUrl` must be a string; 5 was given'],
    [{ limits: { maxDataBytes: '9 kB' } }, '`limits.maxDataBytes` must be a number from 0 up'],
    [{ clock: {} }, '`clock` must have the methods now and sleep, such as new ManualClock()'],
    [{ pathPrefix: '/a b' }, '`pathPrefix` must be a path that begins with a slash; "/a b" was'],
    [6001, '`options` must be an object such as { port: 6001'],
  ])('refuses the options %j', async (options, message) => {
    await expect(PusherTestServer.start(options as never)).rejects.toThrow(message);
  });

  it('takes numbers and booleans that are strings, as they come from the environment', () => {
    const options = { port: '6001', apps: [{ clientEvents: 'false', maxConnections: ' 5 ' }] };
    expect(serverSettings(options as never)).toMatchObject({
      port: 6001,
      apps: [{ clientEvents: false, maxConnections: 5 }],
    });
  });

  it('refuses wrong options of its methods', async () => {
    const server = await PusherTestServer.start();
    expect(() => server.failNext({ statusCode: 500 } as never)).toThrow('use `status`');
    expect(() => server.sendWebhooksTo('here')).toThrow('`url` must be an http or https URL');
    expect(() => server.nextWebhook('member_aded' as never)).toThrow("Write 'member_added'.");
    await expect(server.until(true as never)).rejects.toThrow('`condition` must be a function');
    await expect(server.disconnectAll(200)).rejects.toThrow(
      "`code` must be 1000, a number from 3000 to 4999, or 'cut'; 200 was given.",
    );
    expect(() => server.nextPublished('e', 500 as never)).toThrow('{ timeoutMs: 1000 }');
    expect(() => server.waitForSubscription('a', { timeout: 1 } as never)).toThrow(
      'use `timeoutMs`',
    );
    await server.stop();
  });

  it.each([
    [{ status: '500' }, '`status` must be a status from 200 to 599; "500" was given.'],
    [{ status: 99 }, '`status` must be a status from 200 to 599; 99 was given.'],
    [{ drop: 'before' }, "'before-response'; a string was given."],
    [{ times: 0 }, '`times` must be a whole number from 1 up, or Infinity; 0 was given.'],
    [{ delayMs: '1s' }, '`delayMs` must be a number from 0 up; "1s" was given.'],
    [{ cutAfterBytes: 1.5 }, '`cutAfterBytes` must be a whole number from 0 up; 1.5 was given.'],
    [
      { match: '/events' },
      '`match` must be a function that receives a request; a string was given.',
    ],
    [{ headers: 'a: b' }, '`headers` must be an object with strings; a string was given.'],
    [500, '`fault` must be an object such as { status: 500, times: 2 }; a number was given.'],
  ])('refuses the fault %j', async (fault, message) => {
    await using server = await PusherTestServer.start();
    expect(() => server.failNext(fault as never)).toThrow(message);
  });

  it('applies the limits that it is given', async () => {
    const server = await PusherTestServer.start({
      limits: { maxDataBytes: 3, maxEventsPerBatch: 1, maxChannelsPerTrigger: 1 },
    });
    const reply = await sendSigned(server, { path: '/events', body: { ...event, data: 'four' } });
    expect(reply).toMatchObject({ status: 413, text: expect.stringContaining('(3 bytes)') });
    await server.stop();
  });

  it.each([true, false])('takes a path prefix (signed: %s)', async (signPathPrefix) => {
    const server = await PusherTestServer.start({ pathPrefix: '/realtime', signPathPrefix });
    expect(server.options).toMatchObject({ pathPrefix: '/realtime', signPathPrefix });
    const reply = await sendSigned(server, { path: '/channels' });
    expect(reply.status).toBe(signPathPrefix ? 200 : 401);
    expect(await sendSigned(server, { path: '/channels', tamper: withoutPrefix })).toMatchObject({
      status: 404,
    });
    await server.stop();
  });

  it('keeps several apps apart', async () => {
    const server = await PusherTestServer.start({
      apps: [{ id: 'one', previousCredentials: [{ key: 'old', secret: 'older' }] }, { id: 'two' }],
    });
    await sendSigned(server, { path: '/events', body: event, appId: 'two' });
    expect(server.published()).toMatchObject([{ appId: 'two', event: 'e' }]);
    const { key, secret } = server.optionsOf('one');
    expect(server.urlOf('one')).toBe(`http://${key}:${secret}@127.0.0.1:${server.port}/apps/one`);
    expect(server.optionsOf(null as never)).toEqual(server.options);
    expect(() => server.optionsOf('three')).toThrow(
      'There is no app "three" on this server. Its apps are: one, two.',
    );
    await server.stop();
  });

  it.each([
    [{ apps: [] }, 'A test server needs an app'],
    [{ apps: [{ id: 'a' }, { id: 'a' }] }, 'Two apps have the id "a"'],
    [{ apps: [{ key: 'k' }, { key: 'k' }] }, 'Two apps have the key "k"'],
    [
      { pathPrefix: 'realtime' },
      'begins with a slash, for example "/realtime"; "realtime" was given.',
    ],
  ])('rejects %j', async (options, message) => {
    await expect(PusherTestServer.start(options)).rejects.toThrow(message);
  });

  it('rejects when its port is taken', async () => {
    const server = await PusherTestServer.start();
    await expect(PusherTestServer.start({ port: server.port })).rejects.toThrow('EADDRINUSE');
    await server.stop();
  });
});
