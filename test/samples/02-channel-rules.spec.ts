import { describe, expect, it } from '@jest/globals';
import type { PresenceChannel } from 'pusher-js';
import { PusherTestServer } from '../../lib/testing/index.js';
import { AppModule } from '../../sample/02-channel-rules/src/app.module.js';
import { collect, next, settled, type PusherClient } from '../support/testing/clients.js';
import { RunningSample } from './running-sample.js';

const SUCCESS = 'pusher:subscription_succeeded';
const REFUSAL = 'pusher:subscription_error';

/** The header that stands in for a login. */
const as = (id: string) => ({ 'x-user': id });

async function enter(client: PusherClient, room: string): Promise<PresenceChannel> {
  const channel = client.subscribe(`presence-rooms.${room}`) as PresenceChannel;
  await next(channel, SUCCESS);
  return channel;
}

describe('sample 02', () => {
  it('serves its page, with the people and rooms but without a secret', async () => {
    await using sample = await RunningSample.start(AppModule);
    const [type, page] = await sample.served('/');
    expect(type).toBe('text/html; charset=utf-8');
    expect(page).toContain("getJson('/directory')");
    const [, directory] = await sample.served('/directory');
    expect(directory).toContain('"rooms":["lobby","workshop","vault"]');
    const [, config] = await sample.served('/config');
    expect(config + directory).not.toMatch(/secret/i);
  });

  it('informs those in a room who comes and goes', async () => {
    await using sample = await RunningSample.start(AppModule);
    const [ada, eve] = await Promise.all([sample.client(as('ada')), sample.client(as('eve'))]);
    const lobby = await enter(ada, 'lobby');
    const came = next(lobby, 'pusher:member_added');
    const { members } = await enter(eve, 'lobby');
    await expect(came).resolves.toEqual({ id: 'eve', info: { name: 'Eve' } });
    expect(members.members).toEqual({ ada: { name: 'Ada' }, eve: { name: 'Eve' } });
    const went = next(lobby, 'pusher:member_removed');
    eve.unsubscribe('presence-rooms.lobby');
    await expect(went).resolves.toMatchObject({ id: 'eve' });
  });

  it('delivers a message to those in the room, encrypted', async () => {
    await using sample = await RunningSample.start(AppModule);
    const grace = await sample.client(as('grace'));
    const vault = grace.subscribe('private-encrypted-rooms.vault');
    await next(vault, SUCCESS);
    const frame = next(grace.connection, 'message');
    const arrived = next(vault, 'message.created');
    const response = await sample.post('/rooms/vault/messages', { text: 'the plan' }, as('ada'));
    expect(response.status).toBe(202);
    await expect(arrived).resolves.toEqual({ author: 'Ada', text: 'the plan' });
    await expect(frame).resolves.toMatchObject({ data: { ciphertext: expect.any(String) } });
  });

  it.each([
    ['eve', 'presence-rooms.vault'],
    ['eve', 'private-encrypted-rooms.vault'],
    ['ada', 'presence-rooms.workshop'],
    ['ada', 'presence-rooms.attic'],
    ['ada', 'private-bells.eve'],
    ['ada', 'private-rooms.lobby'],
    ['nobody', 'presence-rooms.lobby'],
  ])('refuses %s on %s', async (id, channel) => {
    await using sample = await RunningSample.start(AppModule);
    const client = await sample.client(as(id));
    await expect(next(client.subscribe(channel), REFUSAL)).resolves.toMatchObject({ status: 403 });
  });

  it('accepts messages for a room only from those who may enter it', async () => {
    await using sample = await RunningSample.start(AppModule);
    const say = (id: string) => sample.post('/rooms/vault/messages', { text: 'x' }, as(id));
    const responses = await Promise.all(['eve', 'nobody', 'ada'].map(say));
    expect(responses.map(({ status }) => status)).toEqual([403, 403, 202]);
  });

  it('rings the bell of one person only', async () => {
    await using sample = await RunningSample.start(AppModule);
    const [ada, eve] = await Promise.all([sample.client(as('ada')), sample.client(as('eve'))]);
    const [hers, other] = [ada.subscribe('private-bells.ada'), eve.subscribe('private-bells.eve')];
    await Promise.all([next(hers, SUCCESS), next(other, SUCCESS)]);
    const received = collect(other, 'rung');
    const rung = next(hers, 'rung');
    await sample.post('/people/ada/bell', {}, as('grace'));
    await expect(rung).resolves.toEqual({ by: 'Grace' });
    await settled(eve);
    expect(received).toEqual([]);
    expect((await sample.post('/people/mallory/bell', {}, as('grace'))).status).toBe(404);
  });

  it('uses the server that PUSHER_URL names', async () => {
    await using server = await PusherTestServer.start();
    const masterKey = server.options.encryptionMasterKeyBase64;
    await using sample = await RunningSample.start(AppModule, {}, { url: server.url, masterKey });
    const grace = await sample.client(as('grace'));
    const lobby = grace.subscribe('private-encrypted-rooms.lobby');
    await next(lobby, SUCCESS);
    const arrived = next(lobby, 'message.created');
    await sample.post('/rooms/lobby/messages', { text: 'far away' }, as('ada'));
    await expect(arrived).resolves.toEqual({ author: 'Ada', text: 'far away' });
    expect(server.published()).toHaveLength(1);
  });

  it('shows who is online', async () => {
    await using sample = await RunningSample.start(AppModule);
    const [ada, grace] = await Promise.all([sample.client(as('ada')), sample.client(as('grace'))]);
    ada.signin();
    // The second of the two lists that come at once; what comes later is news.
    await next(ada.user.watchlist, 'offline');
    const online = next(ada.user.watchlist, 'online');
    grace.signin();
    await expect(online).resolves.toMatchObject({ user_ids: ['grace'] });
  });
});
