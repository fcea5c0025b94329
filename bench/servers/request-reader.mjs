const HEAD_END = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);

/** Cuts the bytes of a connection into requests that state their `Content-Length`. */
export class RequestReader {
  #bytes = NOTHING;
  #onRequest;

  constructor(onRequest) {
    this.#onRequest = onRequest;
  }

  read(chunk) {
    let bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    for (let end = bytes.indexOf(HEAD_END); end >= 0; end = bytes.indexOf(HEAD_END)) {
      const head = bytes.latin1Slice(0, end);
      const bodyStart = end + HEAD_END.length;
      const stop = bodyStart + Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      if (bytes.length < stop) break;
      const close = /\r\nconnection: *close/i.test(head);
      this.#onRequest({ body: bytes.subarray(bodyStart, stop), close });
      bytes = bytes.subarray(stop);
    }
    this.#bytes = bytes;
  }
}
