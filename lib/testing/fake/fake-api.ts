import { Api, type ApiRequest } from '../../http/api.js';
import { RequestSigner } from '../../http/signing/sign-request.js';
import { Secret } from '../../runtime/secret.js';
import type { FakeChannels } from './fake-channels.js';
import type { PlannedFailures } from './planned-failures.js';

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

  constructor(
    private readonly channels: FakeChannels,
    private readonly failures: PlannedFailures,
  ) {
    super();
  }

  async request(request: ApiRequest): Promise<unknown> {
    SIGNER.sign(SIGNER.prepare(request), 0);
    this.failures.throwNext();
    const { method, path, query = {} } = request;
    if (method === 'POST') return this.#post(path);
    const info = query['info'] ?? '';
    if (path === '/channels') return this.#list(query['filter_by_prefix'] ?? '', info);
    const [, users] = USERS.exec(path) ?? [];
    if (users !== undefined) return { users: this.channels.userIds(users).map((id) => ({ id })) };
    const [, name] = CHANNEL.exec(path) ?? [];
    if (name === undefined) return {};
    return { occupied: this.channels.isOccupied(name), ...this.channels.attributes(name, info) };
  }

  async settled(): Promise<void> {}

  #post(path: string): unknown {
    const [, userId] = TERMINATE.exec(path) ?? [];
    if (userId !== undefined) this.terminated.push(userId);
    return {};
  }

  #list(prefix: string, info: string): unknown {
    const names = this.channels.names(prefix);
    const entries = names.map((name) => [name, this.channels.attributes(name, info)]);
    return { channels: Object.fromEntries(entries) as unknown };
  }
}
