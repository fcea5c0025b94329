import nodeHttp from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import nock from 'nock';
import { type PusherModuleOptions, PusherService } from '../../../lib/index.js';
import { PusherTestServer } from '../../../lib/testing/index.js';
import { startPusher } from '../../support/nest/app-with-pusher.js';

const URL = 'http://key:secret@channels.example/apps/1';
/** What docs/testing.md says for those who keep these libraries. */
const OVER_NODE_HTTP: PusherModuleOptions = { url: URL, http: { axios: { adapter: 'http' } } };

// nock patches `node:http` when it is imported.
nock.restore();
const unpatched = nodeHttp.request;

// Files that run later in this process have the same `node:http`. Both libraries at once leave it patched.
afterEach(() => {
  if (nock.isActive()) nock.restore();
  if (nodeHttp.request !== unpatched) throw new Error('node:http was left patched');
});

describe('requests over the HTTP adapter of axios', () => {
  it('are seen by nock', async () => {
    nock.activate();
    const bodies: unknown[] = [];
    nock('http://channels.example')
      .post(/^\/apps\/1\/events\?/, (body) => bodies.push(body) > 0)
      .reply(200, {});
    const pusher: PusherService = await startPusher(OVER_NODE_HTTP);
    await pusher.trigger('news', 'published', { id: 7 });
    expect(bodies).toEqual([{ name: 'published', data: '{"id":7}', channels: ['news'] }]);
  });

  it('are seen by MSW', async () => {
    const bodies: unknown[] = [];
    const msw = setupServer(
      http.post('http://channels.example/apps/1/events', async ({ request }) => {
        bodies.push(await request.json());
        return HttpResponse.json({});
      }),
    );
    msw.listen({ onUnhandledRequest: 'error' });
    const pusher = await startPusher(OVER_NODE_HTTP);
    await pusher.trigger('news', 'published', { id: 7 });
    msw.close();
    expect(bodies).toEqual([{ name: 'published', data: '{"id":7}', channels: ['news'] }]);
  });
});

describe('requests without that adapter are sent', () => {
  it('beside nock, which blocks all others', async () => {
    await using server = await PusherTestServer.start();
    nock.activate();
    nock.disableNetConnect();
    const pusher = await startPusher(server.options);
    await pusher.trigger('news', 'published', { id: 7 });
    nock.enableNetConnect();
    expect(server.published()).toHaveLength(1);
  });

  it('beside MSW, which blocks all others', async () => {
    await using server = await PusherTestServer.start();
    const msw = setupServer();
    msw.listen({ onUnhandledRequest: 'error' });
    const pusher = await startPusher(server.options);
    await pusher.trigger('news', 'published', { id: 7 });
    msw.close();
    expect(server.published()).toHaveLength(1);
  });
});
