import type { PusherOptions } from '../../options/pusher-options.js';
import type { PusherLimits } from '../../protocol/limits.js';
import { hasChannelCharacters, isSocketId } from '../../protocol/names.js';
import type { ChannelAuthRequest, UserAuthRequest } from './auth-request.js';
import {
  type ChannelAuthorization,
  ChannelAuthorizer,
  type UserAuthentication,
} from '../signing/channel-authorizer.js';
import { answersFor, type ChannelRule, type Rule } from './rule.js';
import { Refusal } from './refusal.js';
import { decisionOf, userDataOf } from './rule-answer.js';
import { type AuthSetup, labelOf } from './check-rules.js';
import { RuleTable } from './rule-table.js';
import { unlessAborted } from '../endpoint/unless-aborted.js';

/** Gives the user of a request. */
export type UserSource = () => unknown;

/** The rules of one app and what signs for it. Its methods reject with `Refusal` and nothing else. */
export class AppRules {
  readonly #limits: Readonly<PusherLimits>;
  readonly #authorizer: ChannelAuthorizer;
  readonly #channels: RuleTable<ChannelRule>;
  readonly #user: Rule | undefined;

  constructor(app: PusherOptions, { channels, users }: Pick<AuthSetup, 'channels' | 'users'>) {
    this.#limits = app.limits;
    this.#authorizer = new ChannelAuthorizer(app);
    this.#channels = new RuleTable(channels.filter((rule) => answersFor(rule, app.name)));
    this.#user = users.find((rule) => answersFor(rule, app.name));
  }

  async authorize(request: ChannelAuthRequest, user: UserSource): Promise<ChannelAuthorization> {
    const { socketId, channel } = request;
    // Here and not only where requests are read: a rule never sees a name that is none.
    if (!isSocketId(socketId) || !isChannelName(channel, this.#limits))
      throw new Refusal('the socket id or the name is none');
    const found = this.#channels.find(channel);
    if (found === undefined) throw new Refusal('no rule matches');
    const { entry: rule, params } = found;
    try {
      const answer = await ask(rule, user, [params, request], request);
      const { allowed, member } = decisionOf(rule.pattern.kind, answer);
      if (!allowed) throw new Refusal(`${labelOf(rule)} said no`);
      return this.#authorizer.authorizeChannel(socketId, channel, member);
    } catch (error) {
      throw Refusal.by(labelOf(rule), error);
    }
  }

  async authenticate(request: UserAuthRequest, user: UserSource): Promise<UserAuthentication> {
    const rule = this.#user;
    if (!isSocketId(request.socketId)) throw new Refusal('the socket id is none');
    if (rule === undefined) throw new Refusal('there is no @AuthenticateUser');
    try {
      const data = userDataOf(await ask(rule, user, [request], request));
      if (data === undefined) throw new Refusal(`${labelOf(rule)} said no`);
      return this.#authorizer.authenticateUser(request.socketId, data);
    } catch (error) {
      throw Refusal.by(labelOf(rule), error);
    }
  }
}

/** Calls the rule for the user, and gives up when the request ends before it answers. */
async function ask(
  rule: Rule,
  source: UserSource,
  args: readonly unknown[],
  { raw, signal }: UserAuthRequest,
): Promise<unknown> {
  const answer = async (): Promise<unknown> => {
    const user = await source();
    if (isNobody(user)) throw new Refusal('nobody is logged in');
    return await rule.method.call([user, ...args], raw);
  };
  return await unlessAborted(answer(), signal);
}

/** What authentication leaves when there is no user. `0` can be the id of one. */
function isNobody(user: unknown): boolean {
  return user === undefined || user === null || user === false || user === '';
}

function isChannelName(name: string, { maxChannelNameLength }: Readonly<PusherLimits>): boolean {
  return name.length <= maxChannelNameLength && hasChannelCharacters(name);
}
