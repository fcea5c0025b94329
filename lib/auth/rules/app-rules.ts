import { HttpException } from '@nestjs/common';
import { isInstance } from '../../errors/safe-cause.js';
import type { PusherOptions } from '../../options/pusher-options.js';
import { isPromiseLike } from '../../runtime/deadline.js';
import type { PusherLimits } from '../../protocol/limits.js';
import { type ChannelKind, hasChannelCharacters, isSocketId } from '../../protocol/names.js';
import type { PresenceMember, UserData } from '../../protocol/users.js';
import { hasFields } from '../../protocol/json.js';
import {
  type ChannelAuthorization,
  ChannelAuthorizer,
  type UserAuthentication,
} from '../signing/channel-authorizer.js';
import type { ChannelAuthRequest, UserAuthRequest } from './auth-request.js';
import { RuleTable } from './rule-table.js';
import { appliesTo, type ChannelRule, labelOf, type Rule, type RuleSet } from './rule.js';

/** The first status that blames the server and not the client. */
const SERVER_ERROR = 500;

/** Why something was not signed. A refusal with a cause is a fault of the application. */
export class AuthorizationRefusal extends Error {
  /** A rule may refuse with Nest's own exceptions; those below 500 are decisions, not faults. */
  static by(rule: string, error: unknown): AuthorizationRefusal {
    if (isInstance(error, AuthorizationRefusal)) return error;
    if (isInstance(error, ClientDisconnected))
      return new AuthorizationRefusal(`${rule} had not returned when ${error.message}`);
    const status = statusOf(error);
    if (status !== undefined && status < SERVER_ERROR)
      return new AuthorizationRefusal(`${rule} threw an exception of status ${status}`);
    const cause = error ?? new Error(`${String(error)} was thrown`);
    return new AuthorizationRefusal(rule, { cause });
  }
}

/** The status of an exception of Nest. Even reading that may throw: anything can be thrown. */
function statusOf(error: unknown): number | undefined {
  try {
    return error instanceof HttpException ? error.getStatus() : undefined;
  } catch {
    return undefined;
  }
}

/** The request has no user: nobody is logged in, or the application keeps the user elsewhere. */
export class NoUserRefusal extends AuthorizationRefusal {}

/** Why the signal of a request is aborted when its client has closed the connection. */
export class ClientDisconnected extends Error {
  constructor() {
    super('the client disconnected');
  }
}

/** A rule returned something that its kind of channel does not allow; the message calls the rule "it". */
export class RuleFault extends Error {}

/** Returns the user of a request. */
export type UserSource = () => unknown;

/** The rules of one app, and what signs for it. Its methods reject with `AuthorizationRefusal` only. */
export class AppRules {
  readonly limits: Readonly<PusherLimits>;
  readonly #authorizer: ChannelAuthorizer;
  readonly #channels: RuleTable<ChannelRule>;
  readonly #user: Rule | undefined;
  readonly #delivery: PusherOptions['delivery'];

  constructor(app: PusherOptions, { channels, users }: RuleSet) {
    this.limits = app.limits;
    this.#delivery = app.delivery;
    this.#authorizer = new ChannelAuthorizer(app);
    this.#channels = new RuleTable(channels.filter((rule) => appliesTo(rule, app.name)));
    this.#user = users.find((rule) => appliesTo(rule, app.name));
  }

  /** Without an app there is nothing to sign for. */
  #checkDelivery(): void {
    if (this.#delivery !== 'send')
      throw new AuthorizationRefusal(`delivery is '${this.#delivery}'`);
  }

  async authorize(request: ChannelAuthRequest, user: UserSource): Promise<ChannelAuthorization> {
    this.#checkDelivery();
    const { socketId, channel } = request;
    // Here and not only where requests are read: a rule never receives a name that is not valid.
    if (!isSocketId(socketId) || !isChannelName(channel, this.limits))
      throw new AuthorizationRefusal('the socket id or the channel name is not valid');
    const found = this.#channels.find(channel);
    if (found === undefined) throw new AuthorizationRefusal('no rule matches');
    const { entry: rule, params } = found;
    try {
      const result = await resultOf(rule, user, [params, request], request);
      const { allowed, member } = decisionOf(rule.pattern.kind, result);
      if (!allowed) throw new AuthorizationRefusal(`${labelOf(rule)} denied it`);
      return this.#authorizer.authorizeChannel(socketId, channel, member);
    } catch (error) {
      throw AuthorizationRefusal.by(labelOf(rule), error);
    }
  }

  async authenticate(request: UserAuthRequest, user: UserSource): Promise<UserAuthentication> {
    this.#checkDelivery();
    const rule = this.#user;
    if (!isSocketId(request.socketId)) throw new AuthorizationRefusal('the socket id is not valid');
    if (rule === undefined)
      throw new AuthorizationRefusal('the app has no method with @AuthenticateUser');
    try {
      const data = userDataOf(await resultOf(rule, user, [request], request));
      if (data === undefined) throw new AuthorizationRefusal(`${labelOf(rule)} denied it`);
      return this.#authorizer.authenticateUser(request.socketId, data);
    } catch (error) {
      throw AuthorizationRefusal.by(labelOf(rule), error);
    }
  }
}

/** What a rule decided. */
export interface Decision {
  readonly allowed: boolean;
  /** Who joins, on presence channels. */
  readonly member?: PresenceMember | 'signed-in';
}

/** @throws RuleFault when the result is not valid: only an explicit result allows anything */
export function decisionOf(kind: ChannelKind, result: unknown): Decision {
  if (result === false) return { allowed: false };
  if (kind !== 'presence') {
    if (result === true) return { allowed: true };
    throw new RuleFault(`it returned ${describe(result)} instead of true or false`);
  }
  if (result === 'signed-in') return { allowed: true, member: result };
  if (hasFields(result)) return { allowed: true, member: result as PresenceMember };
  throw new RuleFault(
    `it returned ${describe(result)} instead of { userId, userInfo }, 'signed-in' or false`,
  );
}

/** The user who signs in, `undefined` for a refusal. @throws RuleFault when the result is neither */
export function userDataOf(result: unknown): UserData | undefined {
  if (result === null || result === false) return undefined;
  if (hasFields(result)) return result as UserData;
  throw new RuleFault(`it returned ${describe(result)} instead of { id, userInfo } or null`);
}

/** The type of the value and never the value: it may be anything that the application holds. */
function describe(result: unknown): string {
  if (result === null || result === undefined || result === true) return String(result);
  return Array.isArray(result) ? 'an array' : `a value of type ${typeof result}`;
}

/** The result of the rule for the user, at once or as a promise that rejects when the request ends first. */
function resultOf(
  rule: Rule,
  source: UserSource,
  args: readonly unknown[],
  request: UserAuthRequest,
): unknown {
  const call = (user: unknown): unknown => {
    if (isNoUser(user)) throw new NoUserRefusal('the request has no user');
    return rule.method.call(request.raw, user, ...args);
  };
  const user = source();
  return request.waitFor(isPromiseLike(user) ? user.then(call) : call(user));
}

/** How guards and sessions represent a missing user. `0` can be the id of one. */
function isNoUser(user: unknown): boolean {
  return user === undefined || user === null || user === false || user === '';
}

function isChannelName(name: string, { maxChannelNameLength }: Readonly<PusherLimits>): boolean {
  return name.length <= maxChannelNameLength && hasChannelCharacters(name);
}
