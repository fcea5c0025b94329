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

/** Throws whenever a property of it is read, such as `then`. */
const MINED = new Proxy(Object.freeze({}), {
  get() {
    throw new Error('looked at');
  },
});

/** Throws whatever is done with it. */
const HOSTILE = new Proxy(new ForbiddenException(), {
  get: () => {
    throw HOSTILE;
  },
  getPrototypeOf: () => {
    throw HOSTILE;
  },
});

/** Everything that a rule can do wrong. */
@Injectable()
class Faulty {
  /** Settled by the test, long after the request. */
  readonly late = new Deferred<boolean>();
  readonly received = new Deferred<ChannelAuthRequest>();

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

  @AuthorizeChannel('private-throws-trap')
  throwsTrap(): Promise<boolean> {
    return Promise.reject(HOSTILE);
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
    this.received.resolve(request);
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

describe.each(ADAPTERS)('PusherAuthController with faulty rules, on %s,', (_name, adapter) => {
  let server: AuthServer;
  let sign: jest.SpiedFunction<(data: string) => string>;

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
  const post = (channel_name: string, path = '/pusher/auth', init?: RequestInit) =>
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
    ['private-undefined', /Faulty\.nothing: it returned undefined instead of true or false/],
    ['private-truthy', /Faulty\.truthy: it returned a value of type number/],
    ['private-mined', /Faulty\.mined: looked at/],
    [
      'private-throws-trap',
      /Faulty\.throwsTrap: an error without a message|Faulty\.throwsTrap: something/,
    ],
    ['presence-true', /Faulty\.memberless: it returned true instead of \{ userId/],
    ['presence-no-id', /Faulty\.withoutId: `member\.userId` must be/],
    ['presence-large', /Faulty\.large: `member` takes 2\d+ bytes/],
    ['presence-trap', /Faulty\.trap: a trap/],
  ])('refuses %s and logs which rule failed', async (channel, message) => {
    const response = await post(channel);
    expect(response.status).toBe(403);
    expect(await response.text()).not.toMatch(/boom|database|store|Faulty/);
    expect(errors()).toEqual([expect.stringMatching(message)]);
    expect(errors()[0]).toContain(`Refused "${channel}"`);
    expect(errors()[0]).not.toContain(signature);
    expect(sign).not.toHaveBeenCalled();
  });

  it('refuses without an error in the log when a rule throws an exception of Nest', async () => {
    expect((await post('private-forbids')).status).toBe(403);
    expect(errors()).toEqual([]);
    expect(server.log).toEqual([
      'debug: Refused "private-forbids": @AuthorizeChannel(\'private-forbids\') of Faulty.forbids threw an exception of status 403.',
    ]);
  });

  it('refuses a user whose id is not valid', async () => {
    expect((await post('', '/pusher/user-auth')).status).toBe(403);
    expect(errors()).toEqual([
      expect.stringMatching(/sign-in: @AuthenticateUser of Faulty\.whoIs/),
    ]);
  });

  it('refuses when the user cannot be read', async () => {
    expect((await post('private-throws', '/broken/auth')).status).toBe(403);
    expect(errors()).toEqual([expect.stringMatching(/no session store/)]);
  });

  it('refuses when a rule takes too long, and signs nothing when it returns after all', async () => {
    expect((await post('private-hangs', '/impatient/auth')).status).toBe(403);
    expect(errors()).toEqual([expect.stringMatching(/Faulty\.hangs: not finished within 40 ms/)]);
    const rules = server.app.get(Faulty);
    expect((await rules.received.promise).signal.aborted).toBe(true);
    rules.late.resolve(true);
    await turn();
    expect(sign).not.toHaveBeenCalled();
  });

  it('does not log the failure of a rule after its time', async () => {
    await post('private-hangs', '/impatient/auth');
    server.log.splice(0);
    server.app.get(Faulty).late.reject(new Error('much later'));
    await turn();
    expect(server.log).toEqual([]);
  });

  it('refuses when the client disconnects', async () => {
    const client = new AbortController();
    const rules = server.app.get(Faulty);
    const response = post('private-hangs', '/pusher/auth', { signal: client.signal });
    const { signal } = await rules.received.promise;
    const gone = new Promise((resolve) => signal.addEventListener('abort', resolve));
    client.abort();
    await expect(response).rejects.toThrow('aborted');
    await gone;
    rules.late.resolve(true);
    await turn();
    expect(server.log).toEqual([
      'debug: Refused "private-hangs": @AuthorizeChannel(\'private-hangs\') of Faulty.hangs had not returned when the client disconnected.',
    ]);
    expect(sign).not.toHaveBeenCalled();
    // The application is still there.
    expect((await post('private-undefined')).status).toBe(403);
  });
});

it('PusherAuthController leaves no rejection of a rule unhandled', () =>
  expect(unhandled).not.toHaveBeenCalled());

/** Waits until everything that can run now has run. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
