import { connect } from 'node:net';

/** What stands on the wire, byte for byte. Headers may come twice, lengths may lie. */
export interface WireRequest {
  path: string;
  headers: readonly (readonly [name: string, value: string])[];
  body?: Uint8Array;
  /** Close the sending side after the body, as a client does that dies. */
  hangUp?: boolean;
}

/** Sends the request and gives the status of the answer, none when the server hung up without one. */
export function sendOnWire(port: number, request: WireRequest): Promise<number | undefined> {
  const { path, headers, body = new Uint8Array(), hangUp = false } = request;
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1');
      if (answer.includes('\r\n\r\n')) socket.destroy();
    });
    // A server that has answered may reset the connection while the body is still on its way.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(answer) ?? [];
      resolve(status === undefined ? undefined : Number(status));
    });
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    socket.write(`POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${lines}\r\n`);
    socket.write(body);
    if (hangUp) socket.end();
  });
}
