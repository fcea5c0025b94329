import { setImmediate as nextTurn } from 'node:timers/promises';
import { PusherRequestError } from '../../../lib/errors/pusher-request.error.js';
import { Api, type ApiRequest } from '../../../lib/http/api.js';

/** A request that waits until the test responds to it. */
export class HeldRequest {
  constructor(
    readonly request: ApiRequest,
    private readonly resolve: (response: unknown) => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  get body(): unknown {
    return JSON.parse(this.request.body ?? 'null');
  }

  /** The names of the events in it, in order. */
  get events(): string[] {
    const body = this.body as { name: string; batch?: { name: string }[] };
    return (body.batch ?? [body]).map(({ name }) => name);
  }

  /** Responds, and waits until everything that follows has happened. */
  async respond(response: unknown = {}): Promise<void> {
    this.resolve(response);
    await whatFollows();
  }

  async fail(error: unknown): Promise<void> {
    this.reject(error);
    await whatFollows();
  }

  async rejectWith(status: number): Promise<void> {
    await this.fail(rejection(status, this.request));
  }
}

/** Callers continue in the turn of the response, and what they call may be gathered until its end. */
async function whatFollows(): Promise<void> {
  await nextTurn();
  await nextTurn();
}

/** The error for a request that the server rejects with the status. */
export function rejection(
  status: number,
  { method, path }: Pick<ApiRequest, 'method' | 'path'>,
): PusherRequestError {
  const failed = {
    method,
    path,
    status,
    body: 'no',
    attempts: 1,
    retryable: status >= 500,
    maybeAccepted: false,
  };
  return new PusherRequestError('PUSHER_REQUEST_REJECTED', failed, 'Fix the request.');
}

/** Holds every request until the test responds to it. */
export class HeldApi extends Api {
  readonly requests: HeldRequest[] = [];

  request(request: ApiRequest): Promise<unknown> {
    return new Promise((resolve, reject) =>
      this.requests.push(new HeldRequest(request, resolve, reject)),
    );
  }

  async settled(): Promise<void> {}

  /** The request with that number. */
  at(index: number): HeldRequest {
    const held = this.requests[index];
    if (held === undefined) throw new Error(`no request ${index} of ${this.requests.length}`);
    return held;
  }

  /** The names of the events of each request. */
  get sent(): string[][] {
    return this.requests.map(({ events }) => events);
  }
}
