import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import {
  ForbiddenException,
  Injectable,
  InternalServerErrorException,
  UseGuards,
} from '@nestjs/common';
import { AuthenticateUser } from '../../../lib/auth/rules/authenticate-user.decorator.js';
import { AuthorizeChannel } from '../../../lib/auth/rules/authorize-channel.decorator.js';
import type { ChannelAuthRequest } from '../../../lib/auth/rules/auth-request.js';
import { PusherAuthController } from '../../../lib/auth/endpoint/pusher-auth.controller.js';
import { SigningKey } from '../../../lib/crypto/signing-key.js';
import type { PresenceMember, UserData } from '../../../lib/protocol/users.js';
import { AuthServer, HeaderUser } from '../../support/auth/server.js';
import { ADAPTERS } from '../../support/nest/adapters.js';

const signature = 'ab'.repeat(32);

class Deferred<T> {
  resolve!: (value: T) => void;
  reject!: (error: Error) => void;
  readonly promise = new Promise<T>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
}

/** Throws whatever is read from it, its `then` to begin with. */
const MINED = new Proxy(Object.freeze({}), {
  get() {
    throw new Error('looked at');
  },
});

/** Everything that a rule can do wrong. */
@Injectable()
class Faulty {
  /** Settled by the test, long after the request. */
  readonly late = new Deferred<boolean>();
  readonly asked = new Deferred<ChannelAuthRequest>();

  @AuthorizeChannel('private-throws')
  throws(): boolean {
    throw new Error(`boom, after ?auth_signature=${signature}`);
  }

  @AuthorizeChannel('private-rejects')
  rejects(): Promise<boolean> {
    return Promise.reject(new TypeError('no database'));
  }

  @AuthorizeChannel('private-throws-nothing')
  throwsNothing(): Promise<boolean> {
    return Promise.reject();
  }

  @AuthorizeChannel('private-forbids')
  forbids(): boolean {
    throw new ForbiddenException('not you');
  }

  @AuthorizeChannel('private-breaks')
  breaks(): boolean {
    throw new InternalServerErrorException('no store');
  }

  @AuthorizeChannel('private-undefined')
  nothing(): boolean {
    return undefined as unknown as boolean;
  }

  @AuthorizeChannel('private-truthy')
  truthy(): boolean {
    return 1 as unknown as boolean;
  }

  @AuthorizeChannel('private-mined')
  mined(): boolean {
    return MINED as unknown as boolean;
  }

  @AuthorizeChannel('presence-true')
  memberless(): PresenceMember {
    return true as unknown as PresenceMember;
  }

  @AuthorizeChannel('presence-no-id')
  withoutId(): PresenceMember {
    return {} as PresenceMember;
  }

  @AuthorizeChannel('presence-large')
  large(): PresenceMember {
    return { userId: '1', userInfo: 'x'.repeat(2000) };
  }

  @AuthorizeChannel('presence-trap')
  trap(): PresenceMember {
    return {
      get userId(): string {
        throw new Error('a trap');
      },
    };
  }

  @AuthorizeChannel('private-hangs')
  hangs(_user: unknown, _params: unknown, request: ChannelAuthRequest): Promise<boolean> {
    this.asked.resolve(request);
    return this.late.promise;
  }

  @AuthenticateUser()
  whoIs(): UserData {
    return { id: 'not a user id' };
  }
}

const TIMEOUT_MS = 40;
const unhandled = jest.fn();

beforeAll(() => void process.on('unhandledRejection', unhandled));
afterAll(() => void process.off('unhandledRejection', unhandled));

describe.each(ADAPTERS)('on %s', (_name, adapter) => {
  let server: AuthServer;
  let sign: jest.SpiedFunction<(text: string) => string>;

  beforeEach(async () => {
    sign = jest.spyOn(SigningKey.prototype, 'sign');
    server = await AuthServer.start({
      adapter,
      providers: [Faulty],
      controllers: [
        PusherAuthController({ decorators: [UseGuards(HeaderUser)] }),
        PusherAuthController({
          path: 'impatient',
          timeoutMs: TIMEOUT_MS,
          decorators: [UseGuards(HeaderUser)],
        }),
        PusherAuthController({
          path: 'broken',
          user: () => Promise.reject(new Error('no session store')),
        }),
      ],
    });
    server.log.splice(0);
  });
  afterEach(async () => {
    sign.mockRestore();
    await server.app.close();
  });

  const errors = () => server.log.filter((line) => line.startsWith('error: '));
  const ask = (channel_name: string, path = '/pusher/auth', init?: RequestInit) =>
    fetch(server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-user': '1' },
      body: JSON.stringify({ socket_id: '1.1', channel_name }),
      ...init,
    });

  it.each([
    ['private-throws', /@AuthorizeChannel\('private-throws'\) of Faulty\.throws: boom/],
    ['private-rejects', /Faulty\.rejects: no database/],
    ['private-throws-nothing', /Faulty\.throwsNothing: undefined was thrown/],
    ['private-breaks', /Faulty\.breaks: no store InternalServerErrorException: no store/],
    ['private-undefined', /Faulty\.nothing: it returned undefined where true or false/],
    ['private-truthy', /Faulty\.truthy: it returned a value of type number/],
    ['private-mined', /Faulty\.mined: looked at/],
    ['presence-true', /Faulty\.memberless: it returned true where \{ userId/],
    ['presence-no-id', /Faulty\.withoutId: `member\.userId` must be/],
    ['presence-large', /Faulty\.large: `member` takes 2\d+ bytes/],
    ['presence-trap', /Faulty\.trap: a trap/],
  ])('%s is refused and told in the log', async (channel, text) => {
    const answer = await ask(channel);
    expect(answer.status).toBe(403);
    expect(await answer.text()).not.toMatch(/boom|database|store|Faulty/);
    expect(errors()).toEqual([expect.stringMatching(text)]);
    expect(errors()[0]).toContain(`Refused "${channel}"`);
    expect(errors()[0]).not.toContain(signature);
    expect(sign).not.toHaveBeenCalled();
  });

  it('takes an exception of Nest for an answer', async () => {
    expect((await ask('private-forbids')).status).toBe(403);
    expect(errors()).toEqual([]);
    expect(server.log).toEqual([
      'debug: Refused "private-forbids": @AuthorizeChannel(\'private-forbids\') of Faulty.forbids answered with 403.',
    ]);
  });

  it('refuses a user that cannot be', async () => {
    expect((await ask('', '/pusher/user-auth')).status).toBe(403);
    expect(errors()).toEqual([
      expect.stringMatching(/sign-in: @AuthenticateUser of Faulty\.whoIs/),
    ]);
  });

  it('refuses when the user cannot be found out', async () => {
    expect((await ask('private-throws', '/broken/auth')).status).toBe(403);
    expect(errors()).toEqual([expect.stringMatching(/no session store/)]);
  });

  it('refuses a rule that takes too long, and signs nothing when it answers after all', async () => {
    expect((await ask('private-hangs', '/impatient/auth')).status).toBe(403);
    expect(errors()).toEqual([
      expect.stringMatching(/Faulty\.hangs: there was no answer within 40 ms/),
    ]);
    const rules = server.app.get(Faulty);
    expect((await rules.asked.promise).signal.aborted).toBe(true);
    rules.late.resolve(true);
    await turn();
    expect(sign).not.toHaveBeenCalled();
  });

  it('lets a rule that was given up fail in silence', async () => {
    await ask('private-hangs', '/impatient/auth');
    server.log.splice(0);
    server.app.get(Faulty).late.reject(new Error('much later'));
    await turn();
    expect(server.log).toEqual([]);
  });

  it('gives up when the client has gone', async () => {
    const client = new AbortController();
    const rules = server.app.get(Faulty);
    const answer = ask('private-hangs', '/pusher/auth', { signal: client.signal });
    const { signal } = await rules.asked.promise;
    const gone = new Promise((resolve) => signal.addEventListener('abort', resolve));
    client.abort();
    await expect(answer).rejects.toThrow('aborted');
    await gone;
    rules.late.resolve(true);
    await turn();
    expect(errors()).toEqual([expect.stringMatching(/Faulty\.hangs: the client was gone/)]);
    expect(sign).not.toHaveBeenCalled();
    // The application is still there.
    expect((await ask('private-undefined')).status).toBe(403);
  });
});

it('left no rejection unhandled', () => expect(unhandled).not.toHaveBeenCalled());

/** Until everything that can go on now has gone on. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
