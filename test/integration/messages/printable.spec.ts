import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { HttpService } from '@nestjs/axios';
import { Injectable } from '@nestjs/common';
import fc from 'fast-check';
import {
  AuthorizeChannel,
  OnPusherWebhook,
  PusherAuthController,
  type PusherError,
  PusherService,
  PusherWebhookController,
} from '../../../lib/index.js';
import { httpToken } from '../../../lib/pusher.tokens.js';
import { signWebhook } from '../../../lib/testing/index.js';
import { EchoServer } from '../../support/http/echo-server.js';
import { AuthServer } from '../../support/auth/server.js';
import { ADAPTERS } from '../../support/nest/adapters.js';
import { UNSAFE, UNSAFE_STRINGS } from '../../support/unsafe-strings.js';

/** What rules and handlers throw next. */
let thrown: unknown;

@Injectable()
class Throwing {
  @AuthorizeChannel('private-{name}')
  see(): never {
    throw thrown;
  }

  @OnPusherWebhook('*')
  handle(): Promise<never> {
    return Promise.reject(thrown);
  }
}

/** Throws whatever is done with it. */
const HOSTILE: object = new Proxy(new Error('hidden'), {
  get: () => {
    throw HOSTILE;
  },
  getPrototypeOf: () => {
    throw HOSTILE;
  },
});

const RUNS = 60;
const CREDENTIALS = { key: 'app-key', secret: 'app-secret' };

describe('whatever comes from outside,', () => {
  let api: EchoServer;
  let server: AuthServer;
  let pusher: PusherService;

  beforeAll(async () => {
    api = await EchoServer.start();
    server = await AuthServer.start({
      adapter: ADAPTERS[0][1],
      options: { rawBody: true },
      apps: [
        {
          appId: '1',
          ...CREDENTIALS,
          host: '127.0.0.1',
          port: api.port,
          useTLS: false,
          retry: false,
        },
      ],
      providers: [Throwing],
      controllers: [PusherAuthController({ user: () => 'ada' }), PusherWebhookController()],
    });
    pusher = server.app.get(PusherService);
  });
  afterAll(async () => {
    await server.app.close();
    await api.stop();
  });
  beforeEach(() => void server.log.splice(0));

  /** Lines of the log that are not printable, and those that somebody else has begun. */
  function forged(): string[] {
    const lines = server.log.splice(0).flatMap((entry) => entry.split('\n'));
    return lines.filter(
      (line) => UNSAFE.test(line) || !/^(?:debug|warn|error): | {4}at /.test(line),
    );
  }

  async function messagesOf(calls: (() => unknown)[]): Promise<string[]> {
    const results = await Promise.allSettled(calls.map(async (call) => call()));
    return results.flatMap((result) => {
      if (result.status === 'fulfilled') return [];
      const { message, cause } = result.reason as PusherError;
      return [message, ...(cause === undefined ? [] : [(cause as Error).message])];
    });
  }

  const expectSafe = (messages: string[]): void => {
    const unsafe = messages
      .flatMap((message) => message.split('\n'))
      .filter((line) => UNSAFE.test(line));
    expect([...unsafe, ...forged()]).toEqual([]);
  };

  it('arguments are printable in errors', async () => {
    api.behave((_request, response) => void response.end('{}'));
    await fc.assert(
      fc.asyncProperty(UNSAFE_STRINGS, async (text) => {
        const failing = {
          toJSON: () => {
            throw new Error(text);
          },
        };
        const messages = await messagesOf([
          () => pusher.trigger(text, 'e', 1),
          () => pusher.trigger(['a', `private-encrypted-${text}`], 'e', 1),
          () => pusher.trigger('a', `pusher:${text}`, 1),
          () => pusher.trigger('a', text.repeat(300), 1),
          () => pusher.trigger('a', text, 'x'.repeat(20_000)),
          () => pusher.trigger('a', text, failing),
          () => pusher.trigger('a', 'e', 1, { socketId: text }),
          () => pusher.trigger('a', 'e', 1, { [text]: 1 }),
          () => pusher.sendToUser(text, 'e', 1),
          () => pusher.channel(`presence-${text}`),
          () => pusher.channelUsers(text),
          () => pusher.channels({ prefix: text, info: [text as 'userCount'] }),
          () => pusher.get(`/${text}`, { [text]: text }),
          () => pusher.authorizeChannel('1.1', `private-${text}`),
          () => pusher.authenticateUser('1.1', { id: text }),
          () => pusher.clientOptions({ [text]: text }),
          () => pusher.receiveWebhook({ headers: { 'x-pusher-key': text }, rawBody: text }),
        ]);
        expect(messages.length).toBeGreaterThan(8);
        expectSafe(messages);
      }),
      { numRuns: RUNS },
    );
  });

  it('responses are printable in errors', async () => {
    await fc.assert(
      fc.asyncProperty(
        UNSAFE_STRINGS,
        fc.constantFrom(200, 400, 401, 404, 413, 500),
        async (text, status) => {
          api.behave((_request, response) => void response.writeHead(status).end(text));
          const soketi = await messagesOf([
            () => pusher.trigger('a', 'e', 1),
            () => pusher.get('/anything'),
          ]);
          api.behave((_request, response) => {
            response.end(JSON.stringify({ error: text, code: 400 }));
          });
          expectSafe([...soketi, ...(await messagesOf([() => pusher.trigger('a', 'e', 1)]))]);
        },
      ),
      { numRuns: RUNS },
    );
    for (const head of ['location: http://a/\u0085\u009b2J', 'x: \u001b[31m', 'broken\u2028']) {
      api.behave((_request, response) => {
        response.socket?.end(
          Buffer.from(`HTTP/1.1 301 \u009bMoved\r\n${head}\r\ncontent-length: 0\r\n\r\n`, 'utf8'),
        );
      });
      expectSafe(await messagesOf([() => pusher.trigger('a', 'e', 1)]));
    }
  });

  it('what rules throw, and what clients ask for, is printable in the log', async () => {
    await fc.assert(
      fc.asyncProperty(UNSAFE_STRINGS, async (text) => {
        server.log.splice(0);
        for (thrown of [text, new Error(text), Object.assign(new Error(text), { name: text })])
          expect(
            (await server.post('/pusher/auth', { socket_id: '1.1', channel_name: 'private-a' }))
              .status,
          ).toBe(403);
        expect(server.log.filter((line) => line.startsWith('error: '))).toHaveLength(3);
        await server.post(
          '/pusher/auth',
          { socket_id: text, channel_name: `private-${text}` },
          { form: 'json' },
        );
        await server.post(
          '/pusher/user-auth',
          { socket_id: '1.1', [text]: text },
          { form: 'json' },
        );
        expectSafe([]);
      }),
      { numRuns: RUNS },
    );
  });

  const deliver = async (text: string): Promise<number> => {
    const events = [
      { name: 'channel_occupied', channel: text },
      { name: text, channel: text },
      { name: 'client_event', channel: text, event: text, data: text, socket_id: '1.1' },
    ];
    const { headers, body } = signWebhook({ events }, CREDENTIALS);
    const response = await fetch(`${server.url}/pusher/webhooks`, {
      method: 'POST',
      headers,
      body: Buffer.from(body),
    });
    return response.status;
  };

  it('events of webhooks, and what their handlers throw, are printable in the log', async () => {
    await fc.assert(
      fc.asyncProperty(UNSAFE_STRINGS, async (text) => {
        server.log.splice(0);
        thrown = new Error(text);
        expect(await deliver(text)).toBe(500);
        expect(server.log.filter((line) => line.startsWith('error: '))).toHaveLength(3);
        expectSafe([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('something that throws when it is looked at is logged', async () => {
    thrown = HOSTILE;
    expect(await deliver('a')).toBe(500);
    const fields = { socket_id: '1.1', channel_name: 'private-a' };
    expect((await server.post('/pusher/auth', fields)).status).toBe(403);
    const errors = server.log.filter((line) => line.startsWith('error: '));
    expect(errors).toEqual([
      expect.stringMatching(/^error: Throwing\.handle failed for .*: /),
      expect.stringMatching(/^error: Throwing\.handle failed for .*: /),
      expect.stringMatching(/^error: Throwing\.handle failed for .*: /),
      expect.stringMatching(/^error: Refused "private-a": .* of Throwing\.see: /),
    ]);
    expectSafe([]);
  });

  it('something that throws when it is looked at fails the request of an interceptor', async () => {
    api.behave((_request, response) => void response.end('{}'));
    const { axiosRef } = await server.app.resolve<HttpService>(httpToken());
    const id = axiosRef.interceptors.request.use(() => {
      throw HOSTILE as Error;
    });
    await expect(pusher.trigger('a', 'e', 1)).rejects.toMatchObject({ code: 'PUSHER_NOT_SENT' });
    axiosRef.interceptors.request.eject(id);
  });
});
