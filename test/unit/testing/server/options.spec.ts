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
    [{ apps: [{ appId: '7' }] }, '`appId` is not an option; use `id`'],
    [{ apps: [{ subscriptionCounts: true }] }, 'use `subscriptionCount`'],
    [{ limits: { maxMembers: 2 } }, '`maxMembers` is not an option'],
    [{ webhooks: { retries: true } }, '`retries` is not an option; use `retry`'],
    [{ port: 'six' }, '`port` must be a number from 0 up; "six" was given'],
    [{ port: -1 }, '`port` must be a number from 0 up; -1 was given'],
    [{ apps: {} }, '`apps` must be an array; an object was given'],
    [{ apps: [{ id: {} }] }, '`id` must be a string or a number from 0 up; an object was given'],
    [{ apps: [{ enabled: 'no' }] }, '`enabled` must be a boolean; "no" was given'],
    [{ webhooks: { timeoutMs: NaN } }, '`timeoutMs` must be a number from 0 up; NaN was given'],
    [
      { webhooks: { batchWindowMs: 'x' } },
      '`batchWindowMs` must be a number from 0 up or a boolean',
    ],
    [{ onActivity: 'log' }, '`onActivity` must be a function; "log" was given'],
    [{ webhookUrl: 5 }, '`webhookUrl` must be a string; 5 was given'],
    [{ limits: { maxDataBytes: '9 kB' } }, '`maxDataBytes` must be a number from 0 up'],
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
    expect(() => server.nextPublished('e', 500 as never)).toThrow('{ timeoutMs: 1000 }');
    expect(() => server.waitForSubscription('a', { timeout: 1 } as never)).toThrow(
      'use `timeoutMs`',
    );
    await server.stop();
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
    expect(() => server.optionsOf('three')).toThrow(
      'There is no app "three" on this server. Its apps are: one, two.',
    );
    await server.stop();
  });

  it.each([
    [{ apps: [] }, 'A test server needs an app'],
    [{ apps: [{ id: 'a' }, { id: 'a' }] }, 'Two apps have the id "a"'],
    [{ apps: [{ key: 'k' }, { key: 'k' }] }, 'Two apps have the key "k"'],
    [{ pathPrefix: 'realtime' }, 'pathPrefix must begin with a slash, for example "/realtime"'],
  ])('rejects %j', async (options, message) => {
    await expect(PusherTestServer.start(options)).rejects.toThrow(message);
  });

  it('rejects when its port is taken', async () => {
    const server = await PusherTestServer.start();
    await expect(PusherTestServer.start({ port: server.port })).rejects.toThrow('EADDRINUSE');
    await server.stop();
  });
});
