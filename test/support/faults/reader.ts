/** A request as it was read from a connection. */
export interface ReadRequest {
  method: string;
  /** Path and query. */
  target: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** Cuts the bytes of a connection into requests; knows `Content-Length` only. */
export class RequestReader {
  #bytes: Buffer = Buffer.alloc(0);

  constructor(private readonly onRequest: (request: ReadRequest) => void) {}

  read(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    for (let request = this.#take(); request !== undefined; request = this.#take())
      this.onRequest(request);
  }

  #take(): ReadRequest | undefined {
    const end = this.#bytes.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const [start = '', ...lines] = this.#bytes.subarray(0, end).toString('latin1').split('\r\n');
    const [method = '', target = ''] = start.split(' ');
    const headers = Object.fromEntries(
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    ) as Record<string, string>;
    const stop = end + 4 + Number(headers['content-length'] ?? 0);
    if (this.#bytes.length < stop) return undefined;
    const body = this.#bytes.subarray(end + 4, stop);
    this.#bytes = this.#bytes.subarray(stop);
    return { method, target, headers, body };
  }
}
