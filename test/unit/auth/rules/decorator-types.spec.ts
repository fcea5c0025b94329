import { expect, it } from '@jest/globals';
import { AuthenticateUser } from '../../../../lib/auth/rules/authenticate-user.decorator.js';
import { AuthorizeChannel } from '../../../../lib/auth/rules/authorize-channel.decorator.js';
import type { ChannelAuthRequest } from '../../../../lib/auth/rules/auth-request.js';
import type { PresenceMember, UserData } from '../../../../lib/protocol/users.js';

interface User {
  id: string;
}

/** What compiles, and what must not: running `tsc` over the tests is the check. */
class Rules {
  @AuthorizeChannel('private-orders.{orderId}')
  plain(_user: User, { orderId }: { orderId: string }): boolean {
    return orderId === '1';
  }

  @AuthorizeChannel('private-a.{one}.{two}', { app: 'eu' })
  async two(_user: User, params: { one: string; two: string }, request: ChannelAuthRequest) {
    return Promise.resolve(params.one === request.channel);
  }

  @AuthorizeChannel('private-a.{one}.b.{two}')
  lessThanAll(_user: User, { two }: { two: string }): boolean {
    return two === '1';
  }

  @AuthorizeChannel('private-lobby')
  withoutArguments(): boolean {
    return true;
  }

  @AuthorizeChannel('presence-rooms.{roomId}')
  member(user: User, _params: { roomId: string }): PresenceMember | false {
    return { userId: user.id };
  }

  @AuthorizeChannel('presence-lounge.{roomId}')
  async signedIn(): Promise<'signed-in' | false> {
    return Promise.resolve('signed-in');
  }

  // @ts-expect-error the pattern has orderId
  @AuthorizeChannel('private-orders.{orderId}.x')
  wrongName(_user: User, { orderID }: { orderID: string }): boolean {
    return orderID === '1';
  }

  // @ts-expect-error the pattern has no second parameter
  @AuthorizeChannel('private-orders.{orderId}.y')
  oneTooMany(_user: User, params: { orderId: string; more: string }): boolean {
    return params.more === '1';
  }

  // @ts-expect-error parameters are strings
  @AuthorizeChannel('private-orders.{orderId}.z')
  wrongType(_user: User, { orderId }: { orderId: number }): boolean {
    return orderId === 1;
  }

  // @ts-expect-error a presence channel must know who joins
  @AuthorizeChannel('presence-rooms.{roomId}.x')
  booleanForPresence(): boolean {
    return true;
  }

  // @ts-expect-error a private channel has no members
  @AuthorizeChannel('private-rooms.{roomId}')
  memberForPrivate(): PresenceMember | false {
    return false;
  }

  // @ts-expect-error a rule must return a result
  @AuthorizeChannel('private-rooms.{roomId}.x')
  nothing(): void {}

  @AuthenticateUser()
  user(user: User): UserData | null {
    return { id: user.id, watchlist: ['2'], anything: 1 };
  }

  // @ts-expect-error a user has an id
  @AuthenticateUser()
  withoutId(): { name: string } {
    return { name: 'Ada' };
  }
}

it('AuthorizeChannel leaves the methods as they are', () => {
  expect(new Rules().plain({ id: '1' }, { orderId: '1' })).toBe(true);
});
