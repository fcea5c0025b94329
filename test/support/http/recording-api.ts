import { Api, type ApiRequest } from '../../../lib/http/api.js';

/** Answers from a list, or `{}`, and keeps what it was asked. */
export class RecordingApi extends Api {
  readonly requests: ApiRequest[] = [];

  constructor(private readonly answers: unknown[] = []) {
    super();
  }

  async request(request: ApiRequest): Promise<unknown> {
    this.requests.push(request);
    const answer = this.answers.shift() ?? {};
    if (answer instanceof Error) throw answer;
    return answer;
  }

  async settled(): Promise<void> {}
}
