import { describe, expect, it } from '@jest/globals';
import { AppModule } from '../../sample/01-quick-start/src/app.module.js';
import { collect, next, settled } from '../support/testing/clients.js';
import { RunningSample } from './running-sample.js';

describe('sample 01', () => {
  it('shows a page', async () => {
    await using sample = await RunningSample.start(AppModule);
    const [page, script] = await Promise.all(
      ['/', '/pusher.js'].map((path) => fetch(sample.url + path)),
    );
    expect(page?.headers.get('content-type')).toBe('text/html; charset=utf-8');
    await expect(page?.text()).resolves.toContain('/pusher.js');
    expect(script?.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect((await script?.text())?.includes('Pusher')).toBe(true);
  });

  it('sends a message to everybody but its author', async () => {
    await using sample = await RunningSample.start(AppModule);
    const [author, reader] = await Promise.all([sample.client(), sample.client()]);
    const [own, others] = [author.subscribe('chat'), reader.subscribe('chat')];
    await Promise.all([own, others].map((chat) => next(chat, 'pusher:subscription_succeeded')));
    const heard = collect(own, 'message.created');
    const arrived = next(others, 'message.created');
    const message = { author: 'Ada', text: 'Grüße 👋' };
    const answer = await sample.post('/messages', {
      ...message,
      socketId: author.connection.socket_id,
    });
    expect(answer.status).toBe(202);
    await expect(arrived).resolves.toEqual(message);
    await settled(author);
    expect(heard).toEqual([]);
  });
});
