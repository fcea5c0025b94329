import { Api, type ApiRequest } from '../../../lib/http/api.js';

/** Responds from a list, or with `{}`, and records the requests. */
export class RecordingApi extends Api {
  readonly requests: ApiRequest[] = [];

  constructor(private readonly responses: unknown[] = []) {
    super();
  }

  async request(request: ApiRequest): Promise<unknown> {
    this.requests.push(request);
    const response = this.responses.shift() ?? {};
    if (response instanceof Error) throw response;
    return response;
  }

  async settled(): Promise<void> {}
}
