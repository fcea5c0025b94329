import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Injectable, UseGuards } from '@nestjs/common';
import { AuthenticateUser } from '../../../lib/auth/rules/authenticate-user.decorator.js';
import { AuthorizeChannel } from '../../../lib/auth/rules/authorize-channel.decorator.js';
import type { ChannelAuthRequest } from '../../../lib/auth/rules/auth-request.js';
import { PusherAuthController } from '../../../lib/auth/endpoint/pusher-auth.controller.js';
import { SigningKey } from '../../../lib/crypto/signing-key.js';
import type { UserData } from '../../../lib/protocol/users.js';
import {
  APP,
  AuthServer,
  FORMS,
  HeaderUser,
  type TestBody,
  type TestUser,
} from '../../support/auth/server.js';
import { ADAPTERS } from '../../support/nest/adapters.js';

/** Rules that allow whatever reaches them, so that only the checks around them can refuse. */
@Injectable()
class Yes {
  readonly params: unknown[] = [];

  @AuthorizeChannel('private-{name}')
  one(_user: TestUser, params: { name: string }, request: ChannelAuthRequest): boolean {
    this.params.push({ ...params }, { ...request.params });
    return true;
  }

  @AuthorizeChannel('private-orders.{id}')
  order(): boolean {
    return true;
  }

  @AuthorizeChannel('private-encrypted-safe.{id}')
  encrypted(): boolean {
    return true;
  }

  @AuthenticateUser()
  whoIs(user: TestUser): UserData {
    return { id: user.id };
  }
}

const long = (bytes: number) => `private-${'a'.repeat(bytes)}`;
const NAME = 'private-a';

/** Fields as they are in a JSON body, and the body of the form where it must be written by hand. */
const ATTACKS: readonly [string, Readonly<Record<string, unknown>> | string, TestBody?][] = [
  ['a colon', { socket_id: '1.1', channel_name: 'private-a:b' }],
  ['the mark of users', { socket_id: '1.1', channel_name: 'private-a::user::{"id":"1"}' }],
  ['only the mark of users', { socket_id: '1.1', channel_name: ':user:{"id":"1"}' }],
  ['a newline', { socket_id: '1.1', channel_name: 'private-a\n' }],
  ['a newline inside', { socket_id: '1.1', channel_name: 'x\nprivate-a' }],
  ['NUL', { socket_id: '1.1', channel_name: 'private-a\0' }],
  ['an escaped newline', { socket_id: '1.1', channel_name: 'private-a%0a' }],
  ['a line separator', { socket_id: '1.1', channel_name: 'private-a\u2028' }],
  ['a Cyrillic letter', { socket_id: '1.1', channel_name: 'private-\u0430' }],
  ['a fullwidth hyphen', { socket_id: '1.1', channel_name: 'private\uFF0Da' }],
  ['a zero-width space', { socket_id: '1.1', channel_name: 'private-a\u200B' }],
  ['a Kelvin sign', { socket_id: '1.1', channel_name: 'private-\u212A' }],
  ['a space in front', { socket_id: '1.1', channel_name: ' private-a' }],
  ['capitals', { socket_id: '1.1', channel_name: 'PRIVATE-a' }],
  [
    'a list of names',
    { socket_id: '1.1', channel_name: [NAME] },
    `socket_id=1.1&channel_name[]=${NAME}`,
  ],
  ['two names', { socket_id: '1.1', channel_name: [NAME, 'private-b'] }],
  ['a list in brackets', { socket_id: '1.1', channel_name: { 0: NAME } }],
  ['an object as a name', { socket_id: '1.1', channel_name: { toString: NAME, length: 9 } }],
  ['a number as a name', { socket_id: '1.1', channel_name: 7 }],
  ['an empty name', { socket_id: '1.1', channel_name: '' }],
  ['no name', { socket_id: '1.1' }],
  ['a name in 10 kB', { socket_id: '1.1', channel_name: long(10_240) }],
  ['a name one too long', { socket_id: '1.1', channel_name: long(200 - 'private-'.length + 1) }],
  ['a public name', { socket_id: '1.1', channel_name: 'news' }],
  ['a public cache name', { socket_id: '1.1', channel_name: 'cache-news' }],
  ['the channel of a user', { socket_id: '1.1', channel_name: '#server-to-user-1' }],
  ['a bare prefix', { socket_id: '1.1', channel_name: 'private-' }],
  [
    'the encrypted name of a private rule',
    { socket_id: '1.1', channel_name: 'private-encrypted-a' },
  ],
  ['the same, with a dot', { socket_id: '1.1', channel_name: 'private-encrypted-orders.1' }],
  ['the presence name of a private rule', { socket_id: '1.1', channel_name: 'presence-a' }],
  ['the presence name of an order', { socket_id: '1.1', channel_name: 'presence-orders.1' }],
  ['a dot in a parameter', { socket_id: '1.1', channel_name: 'private-orders.1.2' }],
  ['a dot at the end', { socket_id: '1.1', channel_name: 'private-orders.1.' }],
  ['an empty parameter', { socket_id: '1.1', channel_name: 'private-orders.' }],
  ['a name as a socket id', { socket_id: '1.1:private-x', channel_name: NAME }],
  ['a user as a socket id', { socket_id: '1.1::user::{"id":"1"}', channel_name: NAME }],
  ['a newline behind the socket id', { socket_id: '1.1\n', channel_name: NAME }],
  ['an escaped newline behind it', { socket_id: '1.1%0a', channel_name: NAME }],
  ['Arabic digits', { socket_id: '\u0661.\u0661', channel_name: NAME }],
  ['fullwidth digits', { socket_id: '\uFF11.\uFF11', channel_name: NAME }],
  ['an exponent', { socket_id: '1e3.1', channel_name: NAME }],
  ['a sign', { socket_id: '-1.1', channel_name: NAME }],
  [
    'a number as a socket id',
    { socket_id: 1.1, channel_name: NAME },
    `socket_id=1&channel_name=${NAME}`,
  ],
  ['two socket ids', { socket_id: ['1.1', '2.2'], channel_name: NAME }],
  ['a socket id in 10 kB', { socket_id: `1.${'1'.repeat(10_240)}`, channel_name: NAME }],
  ['no socket id', { channel_name: NAME }],
  ['nothing', {}],
  ['constructor', { socket_id: '1.1', channel_name: NAME, constructor: 'x' }],
  [
    'constructor with a prototype',
    { socket_id: '1.1', channel_name: NAME, constructor: { prototype: { admin: 1 } } },
  ],
  [
    'fields below __proto__',
    `{"__proto__":{"socket_id":"1.1","channel_name":"${NAME}"}}`,
    `__proto__[socket_id]=1.1&__proto__[channel_name]=${NAME}`,
  ],
  [
    'fields below constructor',
    { constructor: { prototype: { socket_id: '1.1', channel_name: NAME } } },
  ],
];

/** Bodies that exist in one format only. */
const RAW: readonly [string, string, string][] = [
  [
    '__proto__ beside good fields',
    `{"socket_id":"1.1","channel_name":"${NAME}","__proto__":{"a":1}}`,
    'json',
  ],
  [
    '__proto__ in a parameter',
    `{"socket_id":"1.1","channel_name":"${NAME}","p":[{"__proto__":{}}]}`,
    'json',
  ],
  [
    'a bad name last',
    `{"channel_name":"${NAME}","socket_id":"1.1","channel_name":"private-a:b"}`,
    'json',
  ],
  ['a raw newline', `{"socket_id":"1.1","channel_name":"${NAME}\n"}`, 'json'],
  ['a list', `[{"socket_id":"1.1","channel_name":"${NAME}"}]`, 'json'],
  ['a string', `"socket_id=1.1&channel_name=${NAME}"`, 'json'],
  ['null', 'null', 'json'],
  ['a form called JSON', `socket_id=1.1&channel_name=${NAME}`, 'json'],
  ['JSON called a form', `{"socket_id":"1.1","channel_name":"${NAME}"}`, 'form'],
  ['%0a', `socket_id=1.1&channel_name=${NAME}%0a`, 'form'],
  ['%00', `socket_id=1.1&channel_name=${NAME}%00`, 'form'],
  ['%250a', `socket_id=1.1&channel_name=${NAME}%250a`, 'form'],
  ['an overlong escape', `socket_id=1.1&channel_name=private%c0%ada`, 'form'],
  ['repeated names', `socket_id=1.1&channel_name=${NAME}&channel_name=private-b`, 'form'],
  ['repeated socket ids', `socket_id=1.1&socket_id=1.1&channel_name=${NAME}`, 'form'],
];

const signed = jest.spyOn(SigningKey.prototype, 'sign');

async function expectNothingSigned(response: Response): Promise<void> {
  expect([400, 403]).toContain(response.status);
  const text = await response.text();
  expect(JSON.parse(text)).toHaveProperty('statusCode', response.status);
  expect(text).not.toMatch(/"auth"|[0-9a-f]{64}/);
  expect(signed).not.toHaveBeenCalled();
}

describe.each(ADAPTERS)('an attack on %s', (adapterName, adapter) => {
  let server: AuthServer;

  beforeAll(async () => {
    server = await AuthServer.start({
      adapter,
      apps: [{ ...APP, encryptionMasterKeyBase64: Buffer.alloc(32, 7).toString('base64') }],
      providers: [Yes],
      controllers: [PusherAuthController({ decorators: [UseGuards(HeaderUser)] })],
    });
  });
  afterEach(() => void signed.mockClear());
  afterAll(() => server.app.close());

  describe.each(FORMS)('with a body as %s', (form) => {
    it.each(ATTACKS)('gets nothing signed: %s', async (_case, fields, written = fields) => {
      const body = form === 'form' ? written : fields;
      await expectNothingSigned(await server.post('/pusher/auth', body, { form, user: '1' }));
    });

    it.each(ATTACKS.filter(([, fields]) => isAboutTheSocket(fields)))(
      'gets nothing signed when signing in: %s',
      async (_case, fields, written = fields) => {
        const body = form === 'form' ? written : fields;
        await expectNothingSigned(
          await server.post('/pusher/user-auth', body, { form, user: '1' }),
        );
      },
    );

    it('differs from a valid request, which is signed', async () => {
      const fields = { socket_id: '1.1', channel_name: NAME };
      expect((await server.post('/pusher/auth', fields, { form, user: '1' })).status).toBe(200);
      expect((await server.post('/pusher/user-auth', fields, { form, user: '1' })).status).toBe(
        200,
      );
      expect(signed.mock.calls.flat()).toEqual(['1.1:private-a', '1.1::user::{"id":"1"}']);
    });
  });

  it.each(RAW)('gets nothing signed: %s', async (_case, body, form) => {
    const options = { form: form as 'form' | 'json', user: '1' };
    await expectNothingSigned(await server.post('/pusher/auth', body, options));
  });

  it('never passes to a rule what is below __proto__ in a form', async () => {
    const body = `socket_id=1.1&channel_name=${NAME}&__proto__[admin]=1&__proto__=x`;
    const response = await server.post('/pusher/auth', body, { user: '1' });
    // The parser of Express drops such fields before anybody sees them; that of Fastify keeps them.
    expect(response.status).toBe(adapterName === 'Express' ? 200 : 400);
    expect(server.app.get(Yes).params.at(-1)).toEqual({});
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });

  it('cannot send its fields in the query', async () => {
    const query = `?socket_id=1.1&channel_name=${NAME}`;
    await expectNothingSigned(await server.post(`/pusher/auth${query}`, {}, { user: '1' }));
  });

  it.each(['GET', 'PUT', 'DELETE'])('with %s gets 404', async (method) => {
    const response = await fetch(`${server.url}/pusher/auth?socket_id=1.1&channel_name=${NAME}`, {
      method,
      headers: { 'x-user': '1' },
    });
    expect(response.status).toBe(404);
    expect(signed).not.toHaveBeenCalled();
  });
});

function isAboutTheSocket(fields: Readonly<Record<string, unknown>> | string): boolean {
  return typeof fields === 'string' || fields['socket_id'] !== '1.1';
}
