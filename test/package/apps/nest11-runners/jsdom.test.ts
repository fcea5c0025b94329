/**
 * @jest-environment jsdom
 * @vitest-environment jsdom
 */
import 'reflect-metadata';
import { Test } from '@nestjs/testing';
import { PusherModule, PusherService } from 'nestjs-pusher-channels';
import {
  FakePusherService,
  PusherTestingModule,
  PusherTestServer,
  replacePusher,
} from 'nestjs-pusher-channels/testing';

const { document } = globalThis as unknown as { document?: { body: object } };
const isJest = typeof jest !== 'undefined';
const DOCBLOCK = '"@jest-environment node"';

const credentials = { url: 'http://key:secret@127.0.0.1:1/apps/1', retry: false } as const;

describe('a test in jsdom', () => {
  it('has a document', () => {
    expect(document?.body).toBeDefined();
  });

  it('uses the fake in an application', async () => {
    const imports = [PusherTestingModule.forRoot()];
    const app = await Test.createTestingModule({ imports }).compile();
    await app.get(PusherService).trigger('news', 'published', { title: 'plain' });
    app.get(FakePusherService).assertTriggered('published', 'news');
    await app.close();
  });

  it('replaces the service of a whole application', async () => {
    const pusher = new FakePusherService();
    const testing = Test.createTestingModule({ imports: [PusherModule.forRoot()] });
    const app = await replacePusher(testing, pusher).compile();
    await app.get(PusherService).trigger('news', 'published', { title: 'plain' });
    pusher.assertTriggered('published', 'news');
    await app.close();
  });

  it('encrypts, and reads what was encrypted', async () => {
    const pusher = new FakePusherService();
    await pusher.trigger('private-encrypted-news', 'published', { title: 'sealed' });
    expect(pusher.triggered('published')).toMatchObject([{ data: { title: 'sealed' } }]);
  });

  it('signs authorizations', () => {
    const { auth } = new FakePusherService().authorizeChannel('1.2', 'private-news');
    expect(auth).toMatch(/^[^:]+:[0-9a-f]{64}$/);
  });

  it('sends real requests in Vitest, and names the docblock to use in Jest', async () => {
    const imports = [PusherModule.forRoot(credentials)];
    const testing = Test.createTestingModule({ imports }).compile();
    if (isJest) return expect(testing).rejects.toThrow(DOCBLOCK);
    const app = await testing;
    const sent = app.get(PusherService).trigger('news', 'published', 1);
    await expect(sent).rejects.toMatchObject({ code: 'PUSHER_CONNECTION_FAILED' });
    await app.close();
  });

  it('starts a test server in Vitest, and names the docblock to use in Jest', async () => {
    const starting = PusherTestServer.start();
    if (isJest) return expect(starting).rejects.toThrow(DOCBLOCK);
    await (await starting).stop();
  });
});
