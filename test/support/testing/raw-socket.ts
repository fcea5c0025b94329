import { WebSocket } from 'ws';
import type { PusherTestServer } from '../../../lib/testing/index.js';

/** A frame as it was received. */
export interface Frame {
  event: string;
  channel?: string;
  data?: unknown;
  user_id?: string;
}

const TIMEOUT_MS = 4000;

/** A client that sends any bytes, and keeps every frame until the test takes it. */
export class RawSocket {
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #arrived: string[] = [];
  #look: (() => void) | undefined;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.#arrived.push((data as Buffer).toString());
      this.#look?.();
    });
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.#look?.();
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  /** Opens a socket without waiting for it. */
  static open(server: PusherTestServer, path = `/app/${server.key}?protocol=7`): RawSocket {
    return new RawSocket(new WebSocket(`ws://127.0.0.1:${server.port}${path}`));
  }

  /** Opens a socket and takes the first frame, which has its socket id. */
  static async connected(
    server: PusherTestServer,
    path?: string,
  ): Promise<{ socket: RawSocket; socketId: string }> {
    const socket = RawSocket.open(server, path);
    const { data } = await socket.next();
    const { socket_id: socketId } = JSON.parse(String(data)) as { socket_id: string };
    return { socket, socketId };
  }

  /** The next frame, as a string. */
  async nextText(): Promise<string> {
    const deadline = setTimeout(() => this.#look?.(), TIMEOUT_MS);
    const startedMs = performance.now();
    while (this.#arrived.length === 0) {
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error('The socket was closed');
      if (performance.now() - startedMs >= TIMEOUT_MS) throw new Error('No frame within 4 s');
      await new Promise<void>((resolve) => (this.#look = resolve));
    }
    clearTimeout(deadline);
    return this.#arrived.shift() ?? '';
  }

  async next(): Promise<Frame> {
    return JSON.parse(await this.nextText()) as Frame;
  }

  /** Frames that were received and not taken. */
  get waiting(): Frame[] {
    return this.#arrived.map((text) => JSON.parse(text) as Frame);
  }

  send(frame: object | string | Buffer): void {
    const isRaw = typeof frame === 'string' || Buffer.isBuffer(frame);
    this.socket.send(isRaw ? frame : JSON.stringify(frame));
  }

  /** Sends a frame and returns the next frame that comes back. */
  request(frame: object | string): Promise<Frame> {
    this.send(frame);
    return this.next();
  }

  /** What was received up to now: sends a ping, and takes what comes before the pong. */
  async settled(): Promise<Frame[]> {
    this.send({ event: 'pusher:ping', data: {} });
    const before: Frame[] = [];
    for (let frame = await this.next(); frame.event !== 'pusher:pong'; frame = await this.next())
      before.push(frame);
    return before;
  }

  end(): void {
    this.socket.terminate();
  }
}
