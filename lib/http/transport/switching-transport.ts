import { type HttpResponse, HttpTransport, type SignedRequest } from './http-transport.js';

/** Takes the short way as long as the long one has nothing to add; decided for each request. */
export class SwitchingTransport extends HttpTransport {
  constructor(
    private readonly direct: HttpTransport,
    private readonly customised: HttpTransport,
    private readonly isCustomised: () => boolean,
  ) {
    super();
  }

  send(request: SignedRequest, timeoutMs: number): Promise<HttpResponse> {
    return (this.isCustomised() ? this.customised : this.direct).send(request, timeoutMs);
  }

  destroy(): Promise<void> {
    return this.direct.destroy();
  }
}
