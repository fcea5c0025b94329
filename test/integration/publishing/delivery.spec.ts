import { afterEach, describe, expect, it } from '@jest/globals';
import { type INestApplication, Injectable } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  AuthorizeChannel,
  PusherAuthController,
  PusherModule,
  PusherService,
} from '../../../lib/index.js';
import { PusherTestServer } from '../../../lib/testing/index.js';
import { MemoryLogger } from '../../support/nest/memory-logger.js';

/** Keeps what is logged at the level `log` too. */
class TalkativeLogger extends MemoryLogger {
  override readonly log = (message?: unknown): void =>
    void this.lines.push(`log: ${String(message)}`);
}

@Injectable()
class Rules {
  @AuthorizeChannel('private-a')
  anybody(): boolean {
    return true;
  }
}

describe.each(['log', 'off'] as const)("an app with delivery: '%s'", (delivery) => {
  let app: INestApplication;
  const logger = new TalkativeLogger();

  async function start(): Promise<PusherService> {
    const built = await Test.createTestingModule({
      imports: [PusherModule.forRoot({ delivery, batching: true })],
      providers: [Rules],
      controllers: [PusherAuthController({ user: () => ({ id: 1 }) })],
    })
      .setLogger(logger)
      .compile();
    app = built.createNestApplication({ logger });
    await app.listen(0, '127.0.0.1');
    return app.get(PusherService);
  }

  afterEach(async () => {
    await app.close();
  });

  it('needs no credentials, checks arguments, and accepts events without sending them', async () => {
    const pusher = await start();
    await expect(pusher.trigger('a', 'b', {})).resolves.toEqual({ channels: {} });
    await expect(pusher.triggerBatch([{ channel: 'a', event: 'b', data: {} }])).resolves.toEqual({
      events: [{}],
    });
    pusher.emit('a', 'c', {});
    await pusher.flush();
    expect(pusher.metrics()).toMatchObject({ sent: 3, failed: 0 });
    await expect(pusher.trigger('a b', 'b', {})).rejects.toMatchObject({
      code: 'PUSHER_INVALID_ARGUMENT',
    });
    await expect(pusher.channels()).rejects.toMatchObject({ code: 'PUSHER_NOT_SENT' });
    expect(logger.lines.join('\n')).toContain(`Nothing is sent: delivery is '${delivery}'`);
    expect(logger.lines.includes('log: Not sent: c on a.')).toBe(delivery === 'log');
  });

  it('sends nothing when the environment has the credentials of an app', async () => {
    await using server = await PusherTestServer.start();
    process.env['PUSHER_URL'] = server.url;
    const pusher = await start();
    delete process.env['PUSHER_URL'];
    await pusher.trigger('a', 'b', {});
    pusher.emit('a', 'c', {});
    await pusher.flush();
    expect(server.requests()).toEqual([]);
  });

  it('refuses to authorize', async () => {
    await start();
    const response = await fetch(`${await app.getUrl()}/pusher/auth`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ socket_id: '1.2', channel_name: 'private-a' }),
    });
    expect(response.status).toBe(403);
  });
});
