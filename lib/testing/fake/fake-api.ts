import { Api, type ApiRequest } from '../../http/api.js';
import type { FakeChannels } from './fake-channels.js';
import type { PlannedFailures } from './planned-failures.js';

const CHANNEL = /^\/channels\/([^/]+)$/;
const USERS = /^\/channels\/([^/]+)\/users$/;
const TERMINATE = /^\/users\/([^/]+)\/terminate_connections$/;

/** Answers queries from channels that the test describes, and sends nothing. */
export class FakeApi extends Api {
  readonly terminated: string[] = [];
  readonly #channels: FakeChannels;
  readonly #failures: PlannedFailures;

  constructor(channels: FakeChannels, failures: PlannedFailures) {
    super();
    this.#channels = channels;
    this.#failures = failures;
  }

  async request({ method, path, query = {} }: ApiRequest): Promise<unknown> {
    this.#failures.throwNext();
    if (method === 'POST') return this.#post(path);
    if (path === '/channels') return this.#channels.list(query['filter_by_prefix'] ?? '');
    const [, users] = USERS.exec(path) ?? [];
    if (users !== undefined) return this.#channels.users(users);
    const [, name] = CHANNEL.exec(path) ?? [];
    return name === undefined ? {} : this.#channels.state(name);
  }

  async settled(): Promise<void> {}

  #post(path: string): unknown {
    const [, userId] = TERMINATE.exec(path) ?? [];
    if (userId !== undefined) this.terminated.push(userId);
    return {};
  }
}
