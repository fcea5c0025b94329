import { Api, type ApiRequest } from '../../http/api.js';
import { RequestSigner } from '../../http/signing/sign-request.js';
import { Secret } from '../../runtime/secret.js';
import type { PlannedFailures } from './planned-failures.js';

/** What a test says about a channel. */
export interface FakeChannel {
  /** Ids of the users on a presence channel. */
  userIds?: readonly string[] | undefined;
  /** Connections subscribed. @default the number of users, or 1 */
  subscriptionCount?: number | undefined;
  /** The cached event of a cache channel. */
  cache?: { data: string; ttl?: number | undefined } | null | undefined;
}

const CHANNEL = /^\/channels\/([^/]+)$/;
const USERS = /^\/channels\/([^/]+)\/users$/;
const TERMINATE = /^\/users\/([^/]+)\/terminate_connections$/;

/** Signs for no server: only to reject what the real one would reject. */
const SIGNER = new RequestSigner(
  { key: 'fake', secret: new Secret('fake') },
  { origin: '', pathPrefix: '', appPath: '', signPathPrefix: true },
);

/** Responds to queries from the channels that a test describes, and sends nothing. */
export class FakeApi extends Api {
  readonly terminated: string[] = [];
  /** The occupied channels, by name. */
  readonly channels = new Map<string, FakeChannel>();

  constructor(private readonly failures: PlannedFailures) {
    super();
  }

  async request(request: ApiRequest): Promise<unknown> {
    SIGNER.sign(SIGNER.prepare(request), 0);
    this.failures.throwNext();
    const { method, path, query = {} } = request;
    if (method === 'POST') return this.#post(path);
    if (path === '/channels') return this.#list(query['filter_by_prefix'] ?? '');
    const [, users] = USERS.exec(path) ?? [];
    if (users !== undefined) return this.#users(users);
    const [, name] = CHANNEL.exec(path) ?? [];
    return name === undefined ? {} : this.#state(name);
  }

  async settled(): Promise<void> {}

  #post(path: string): unknown {
    const [, userId] = TERMINATE.exec(path) ?? [];
    if (userId !== undefined) this.terminated.push(userId);
    return {};
  }

  #list(prefix: string): unknown {
    const names = [...this.channels.keys()].filter((name) => name.startsWith(prefix));
    return { channels: Object.fromEntries(names.map((name) => [name, this.#state(name)])) };
  }

  #state(name: string): unknown {
    const channel = this.channels.get(name);
    if (channel === undefined) return { occupied: false };
    const { userIds, subscriptionCount = userIds?.length ?? 1, cache } = channel;
    return {
      occupied: true,
      subscription_count: subscriptionCount,
      ...(userIds && { user_count: userIds.length }),
      ...(cache !== undefined && { cache }),
    };
  }

  #users(name: string): unknown {
    return { users: (this.channels.get(name)?.userIds ?? []).map((id) => ({ id })) };
  }
}
