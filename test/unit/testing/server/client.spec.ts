import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import PusherJs, * as everything from 'pusher-js';
import { PusherTestServer } from '../../../../lib/testing/index.js';

describe('client() of a test server', () => {
  let server: PusherTestServer;

  beforeEach(async () => {
    server = await PusherTestServer.start();
  });
  afterEach(() => server.stop());

  it('takes what an import of pusher-js returns, and knows its options and methods', async () => {
    const client = server.client(PusherJs, { activityTimeout: 60_000 });
    client.subscribe('news').bind('published', () => undefined);
    await expect(server.waitForSubscription('news')).resolves.toHaveLength(1);
  });

  it('takes the namespace of the module', async () => {
    server.client(everything).subscribe('news');
    await expect(server.waitForSubscription('news')).resolves.toHaveLength(1);
  });

  it('takes the class', async () => {
    const Pusher = PusherJs as unknown as typeof PusherJs.default;
    server.client(Pusher).subscribe('news');
    await expect(server.waitForSubscription('news')).resolves.toHaveLength(1);
  });

  it('says what it needs', () => {
    expect(() => server.client({} as never)).toThrow(
      'client() takes the class of pusher-js, or the module that has it as its default export.',
    );
  });
});
