import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from '@jest/globals';
import { PusherTestServer } from '../../../lib/testing/index.js';
import { startPusher } from '../../support/nest/app-with-pusher.js';

const load = createRequire(import.meta.url);
const PUSHER_JS = readFileSync(load.resolve('pusher-js/dist/web/pusher.js'), 'utf8');

/** What is used of jsdom, whose own types would add those of browsers to all tests. */
interface Jsdom {
  JSDOM: new (
    html: string,
    options: object,
  ) => { window: { eval(code: string): unknown; close(): void } };
}
const { JSDOM } = load('jsdom') as Jsdom;

it('pusher-js for browsers connects to the test server from jsdom', async () => {
  await using server = await PusherTestServer.start();
  const pusher = await startPusher(server.options);
  const { window } = new JSDOM('<p></p>', {
    runScripts: 'outside-only',
    url: 'http://localhost',
  });
  Object.assign(window, { server: { key: server.key, clientOptions: server.clientOptions } });
  window.eval(PUSHER_JS);
  const shown = window.eval(`
    const pusher = new Pusher(server.key, server.clientOptions);
    new Promise((resolve) => {
      pusher.subscribe('news').bind('published', ({ title }) => {
        document.querySelector('p').textContent = title;
        resolve(document.body.textContent);
      });
    });
  `);
  await server.waitForSubscription('news');
  await pusher.trigger('news', 'published', { title: 'It works' });
  await expect(shown).resolves.toBe('It works');
  window.eval('Pusher.instances[0].disconnect()');
  window.close();
});
