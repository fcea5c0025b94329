import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ChannelAuthorizer } from '../../../../lib/auth/signing/channel-authorizer.js';
import { SigningKey } from '../../../../lib/crypto/signing-key.js';
import { PusherValidationError } from '../../../../lib/errors/pusher-validation.error.js';
import type { PusherModuleOptions } from '../../../../lib/options/pusher-module-options.js';
import { resolveOptions } from '../../../../lib/options/resolve-options.js';
import type { PresenceMember, UserData } from '../../../../lib/protocol/users.js';
import { Secret } from '../../../../lib/runtime/secret.js';

interface Vector {
  id: string;
  type: 'private' | 'private-encrypted' | 'presence' | 'user';
  key: string;
  secret: string;
  socket_id: string;
  channel?: string;
  data?: { user_id?: string; user_info?: unknown; id?: string };
  encryption_master_key_base64?: string;
  string_to_sign: string;
  expected: { auth: string; channel_data?: string; user_data?: string; shared_secret?: string };
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(`${import.meta.dirname}/../../../vectors/${name}.json`, 'utf8'));
}

const { vectors, socket_ids, channel_names } = read('auth') as {
  vectors: Vector[];
  socket_ids: { valid: string[]; invalid: string[] };
  channel_names: { valid: string[]; invalid: string[] };
};
const encryption = read('encryption') as {
  vectors: {
    channel: string;
    encryption_master_key_base64: string;
    shared_secret_base64: string;
  }[];
};

/** From SDKs that sign what no client ever sends: public names, ids that no server accepts. */
const REFUSED = new Set([
  'node-sdk-channel',
  'node-sdk-channel-data',
  'node-sdk-user-utf8',
  'ruby-sdk-channel',
]);

/** A number as user id, which is signed as its decimal string here. */
const NUMERIC = new Set(['presence-docs-as-signed']);

function authorizer(options: Partial<PusherModuleOptions> = {}): ChannelAuthorizer {
  const app = { appId: '1', key: 'key', secret: 'marker-secret', ...options };
  return new ChannelAuthorizer(resolveOptions(app, {}));
}

function authorizationOf(vector: Vector): unknown {
  const { key, secret, socket_id, channel, data, encryption_master_key_base64 } = vector;
  const signer = authorizer({
    key,
    secret,
    ...(encryption_master_key_base64 && {
      encryptionMasterKeyBase64: encryption_master_key_base64,
    }),
  });
  if (channel === undefined) {
    const { user_info, ...user } = data as UserData & { user_info?: unknown };
    return signer.authenticateUser(socket_id, user_info ? { ...user, userInfo: user_info } : user);
  }
  return data === undefined
    ? signer.authorizeChannel(socket_id, channel)
    : signer.authorizeChannel(socket_id, channel, {
        userId: data.user_id ?? '',
        ...(data.user_info !== undefined && { userInfo: data.user_info }),
      });
}

function argumentOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof PusherValidationError) return error.argument;
    throw error;
  }
  return 'no argument';
}

describe('ChannelAuthorizer with the vectors', () => {
  it.each(vectors.filter(({ id }) => !REFUSED.has(id) && !NUMERIC.has(id)))(
    'signs $id',
    (vector) => {
      expect(JSON.stringify(authorizationOf(vector))).toBe(
        JSON.stringify(ordered(vector.expected)),
      );
    },
  );

  it.each(vectors.filter(({ id }) => NUMERIC.has(id)))(
    'signs the number in $id as its decimal string',
    (vector) => {
      const data = { ...vector.data, user_id: String(vector.data?.user_id) };
      expect(authorizationOf(vector)).toEqual(authorizationOf({ ...vector, data }));
      expect(authorizationOf(vector)).toMatchObject({ channel_data: JSON.stringify(data) });
    },
  );

  it.each(vectors.filter(({ id }) => REFUSED.has(id)))('rejects $id', (vector) => {
    expect(argumentOf(() => authorizationOf(vector))).toMatch(/^channel$|^user\.id$/);
  });

  it.each(vectors)('has the signature of $id', ({ key, secret, string_to_sign, expected }) => {
    const signature = new SigningKey(new Secret(secret)).sign(string_to_sign);
    expect(`${key}:${signature}`).toBe(expected.auth);
  });

  it.each(encryption.vectors)('has the shared secret of $channel', (vector) => {
    const signer = authorizer({ encryptionMasterKeyBase64: vector.encryption_master_key_base64 });
    const { shared_secret } = signer.authorizeChannel('1.1', vector.channel);
    expect(shared_secret).toBe(vector.shared_secret_base64);
  });

  it.each(socket_ids.valid)('signs for the socket id %j', (socketId) => {
    expect(argumentOf(() => authorizer().authorizeChannel(socketId, 'private-a'))).toBe(
      'no argument',
    );
    expect(argumentOf(() => authorizer().authenticateUser(socketId, { id: '1' }))).toBe(
      'no argument',
    );
  });

  it.each(socket_ids.invalid)('rejects the socket id %j', (socketId) => {
    expect(argumentOf(() => authorizer().authorizeChannel(socketId, 'private-a'))).toBe('socketId');
    expect(argumentOf(() => authorizer().authenticateUser(socketId, { id: '1' }))).toBe('socketId');
  });

  it.each([...channel_names.valid, ...channel_names.invalid])(
    'signs the channel %j only when it is a valid private or presence name',
    (name) => {
      const valid = channel_names.valid.includes(name) && /^(private|presence)-/.test(name);
      const signer = authorizer({ encryptionMasterKeyBase64: 'A'.repeat(43) + '=' });
      const member = name.startsWith('presence-') ? { userId: '1' } : undefined;
      expect(argumentOf(() => signer.authorizeChannel('1.1', name, member))).toBe(
        valid ? 'no argument' : 'channel',
      );
    },
  );
});

describe('authorizeChannel', () => {
  const signer = authorizer();

  it('signs a member of a private channel as well', () => {
    const { channel_data } = signer.authorizeChannel('1.1', 'private-a', { userId: '7' });
    expect(channel_data).toBe('{"user_id":"7"}');
  });

  it('signs no member when the connection has signed in', () => {
    const authorization = signer.authorizeChannel('1.1', 'presence-a', 'signed-in');
    expect(Object.keys(authorization)).toEqual(['auth']);
  });

  it('returns no shared secret for other channels', () => {
    const withKey = authorizer({ encryptionMasterKeyBase64: 'A'.repeat(43) + '=' });
    expect(withKey.authorizeChannel('1.1', 'private-a')).not.toHaveProperty('shared_secret');
    expect(
      withKey.authorizeChannel('1.1', 'presence-encrypted-a', { userId: '1' }),
    ).not.toHaveProperty('shared_secret');
  });

  it('signs an empty user_info for soketi', () => {
    const { channel_data } = authorizer({ server: 'soketi', host: 'localhost' }).authorizeChannel(
      '1.1',
      'presence-a',
      { userId: '7' },
    );
    expect(channel_data).toBe('{"user_id":"7","user_info":{}}');
  });

  it.each<[string, string, unknown]>([
    ['presence-a', 'member', undefined],
    ['private-a', 'member', 'signed-in'],
    ['presence-a', 'member', null],
    ['presence-a', 'member', true],
    ['presence-a', 'member.userId', {}],
    ['presence-a', 'member.userId', { userId: '' }],
    ['presence-a', 'member.userId', { userId: NaN }],
    ['presence-a', 'member.userId', { userId: ['1'] }],
    ['presence-a', 'member.userId', { userId: 'x'.repeat(129) }],
    ['presence-a', 'no argument', { userId: 'x'.repeat(128) }],
    ['presence-a', 'member.userInfo', { userId: '1', userInfo: 1n }],
    ['presence-a', 'member', { userId: '1', userInfo: 'x'.repeat(1000) }],
    ['presence-a', 'member', { userId: '1', userInfo: 'ä'.repeat(500) }],
    ['presence-a', 'no argument', { userId: '1', userInfo: 'x'.repeat(990) }],
    ['private-encrypted-a', 'channel', undefined],
    ['#server-to-user-1', 'channel', undefined],
  ])('on %s finds the fault in %s', (channel, argument, member) => {
    expect(
      argumentOf(() => signer.authorizeChannel('1.1', channel, member as PresenceMember)),
    ).toBe(argument);
  });

  it.each([undefined, null, 1.1, ['1.1'], { length: 3 }])('rejects %j as an argument', (value) => {
    expect(argumentOf(() => signer.authorizeChannel(value as string, 'private-a'))).toBe(
      'socketId',
    );
    expect(argumentOf(() => signer.authorizeChannel('1.1', value as string))).toBe('channel');
  });

  it('applies the limits of the options', () => {
    const strict = authorizer({ limits: { maxChannelNameLength: 164, maxUserDataBytes: 20 } });
    expect(argumentOf(() => strict.authorizeChannel('1.1', `private-${'x'.repeat(157)}`))).toBe(
      'channel',
    );
    expect(
      argumentOf(() => strict.authorizeChannel('1.1', 'presence-a', { userId: '12345678' })),
    ).toBe('member');
  });
});

describe('authenticateUser', () => {
  const signer = authorizer();

  it.each<[string, unknown]>([
    ['user', null],
    ['user.id', {}],
    ['user.id', { id: '' }],
    ['no argument', { id: 7 }],
    ['user.id', { id: 7.5 }],
    ['user.id', { id: 'a b' }],
    ['user.id', { id: 'a\n' }],
    ['user.id', { id: 'x'.repeat(129) }],
    ['user.watchlist', { id: '1', watchlist: '2' }],
    ['user.watchlist', { id: '1', watchlist: ids(101) }],
    ['user.watchlist[1]', { id: '1', watchlist: ['2', 'a:b'] }],
    ['user', { id: '1', userInfo: 'x'.repeat(1000) }],
    ['user', { id: '1', toJSON: () => undefined }],
    ['user.id', { id: '1', toJSON: () => ({ id: 'a:b' }) }],
    [
      'user',
      {
        id: '1',
        toJSON: () => {
          throw new Error('no');
        },
      },
    ],
    ['no argument', { id: '1', watchlist: ids(100) }],
    ['user', { id: '1', watchlist: ids(100), more: 'x'.repeat(1000) }],
  ])('finds the fault in %s', (argument, user) => {
    expect(argumentOf(() => signer.authenticateUser('1.1', user as UserData))).toBe(argument);
  });

  it('keeps further fields and does not change its argument', () => {
    const user = Object.freeze({ name: 'Ada', id: '1', userInfo: { a: 1 }, watchlist: ['2'] });
    expect(signer.authenticateUser('1.1', user).user_data).toBe(
      '{"id":"1","user_info":{"a":1},"name":"Ada","watchlist":["2"]}',
    );
  });
});

describe('ChannelAuthorizer signs what it checked', () => {
  const signer = authorizer();
  const signed = (user: unknown) => signer.authenticateUser('1.1', user as UserData).user_data;

  it('for a user with a toJSON method', () => {
    class Document {
      readonly stored = { id: '1', password: 'marker' };

      toJSON(): object {
        return { id: this.stored.id, name: 'Ada' };
      }
    }
    expect(signed(new Document())).toBe('{"id":"1","name":"Ada"}');
  });

  it('for a user whose id is computed', () => {
    class Account {
      constructor(readonly number: number) {}

      get id(): string {
        return `account-${this.number}`;
      }
    }
    expect(signed(new Account(7))).toBe('{"id":"account-7","number":7}');
  });

  it('for users and members whose id changes between two reads', () => {
    const shifting = (field: string) => {
      let looks = 0;
      return Object.defineProperty({}, field, {
        enumerable: true,
        get: () => (looks++ === 0 ? '1' : { not: 'an id' }),
      });
    };
    expect(signed(shifting('id'))).toBe('{"id":"1"}');
    const member = shifting('userId') as PresenceMember;
    expect(signer.authorizeChannel('1.1', 'presence-a', member).channel_data).toBe(
      '{"user_id":"1"}',
    );
  });
});

describe('ChannelAuthorizer', () => {
  it('shows no secret when it is inspected or converted to JSON', () => {
    const signer = authorizer({
      encryptionMasterKeyBase64: Buffer.alloc(32, 'M').toString('base64'),
    });
    const shown = inspect(signer, { depth: 9, showHidden: true }) + JSON.stringify(signer);
    expect(shown).not.toMatch(/marker-secret|TU1N/);
  });
});

function ordered(expected: Vector['expected']): Vector['expected'] {
  const { auth, ...rest } = expected;
  return { auth, ...rest };
}

function ids(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `user-number-${at}`);
}
