import { connect } from 'node:net';

/** A request, byte for byte. Headers may come twice, lengths may be wrong. */
export interface WireRequest {
  path: string;
  headers: readonly (readonly [name: string, value: string])[];
  body?: Uint8Array;
  /** Close the sending side after the body, as a client that crashes does. */
  hangUp?: boolean;
}

/** Sends the request and returns the status, `undefined` when the server closed without a response. */
export function sendOnWire(port: number, request: WireRequest): Promise<number | undefined> {
  const { path, headers, body = new Uint8Array(), hangUp = false } = request;
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let response = '';
    socket.on('data', (chunk: Buffer) => {
      response += chunk.toString('latin1');
      if (response.includes('\r\n\r\n')) socket.destroy();
    });
    // A server that has responded may reset the connection while the body is still on its way.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(response) ?? [];
      resolve(status === undefined ? undefined : Number(status));
    });
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const hasHost = headers.some(([name]) => name === 'Host');
    const host = hasHost ? '' : 'Host: 127.0.0.1\r\n';
    socket.write(`POST ${path} HTTP/1.1\r\n${host}${lines}\r\n`);
    socket.write(body);
    if (hangUp) socket.end();
  });
}
