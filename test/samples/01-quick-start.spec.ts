import { describe, expect, it } from '@jest/globals';
import { AppModule } from '../../sample/01-quick-start/src/app.module.js';
import { collect, next, settled } from '../support/testing/clients.js';
import { RunningSample } from './running-sample.js';

describe('sample 01', () => {
  it('serves its page with the style, the script and pusher-js', async () => {
    await using sample = await RunningSample.start(AppModule);
    const served = await Promise.all(
      ['/', '/page.css', '/page.js', '/pusher.js'].map((path) => sample.served(path)),
    );
    expect(served).toEqual([
      ['text/html; charset=utf-8', expect.stringContaining('/pusher.js')],
      ['text/css; charset=utf-8', expect.stringContaining('body')],
      ['text/javascript; charset=utf-8', expect.stringContaining('export async function connect')],
      ['text/javascript; charset=utf-8', expect.stringContaining('Pusher')],
    ]);
  });

  it('sends a message to everybody except its author', async () => {
    await using sample = await RunningSample.start(AppModule);
    const [author, reader] = await Promise.all([sample.client(), sample.client()]);
    const [own, others] = [author.subscribe('chat'), reader.subscribe('chat')];
    await Promise.all([own, others].map((chat) => next(chat, 'pusher:subscription_succeeded')));
    const received = collect(own, 'message.created');
    const arrived = next(others, 'message.created');
    const message = { author: 'Ada', text: 'Grüße 👋' };
    const response = await sample.post('/messages', {
      ...message,
      socketId: author.connection.socket_id,
    });
    expect(response.status).toBe(202);
    await expect(arrived).resolves.toEqual(message);
    await settled(author);
    expect(received).toEqual([]);
  });
});
