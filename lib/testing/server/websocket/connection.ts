import type { WebSocket } from 'ws';
import type { ConnectedClient, RecordedFrame } from '../observe/records.js';

/** A user that a connection is signed in as. */
export interface SignedInUser {
  id: string;
  userInfo?: unknown;
  watchlist: ReadonlySet<string>;
}

/** One client. */
export class Connection {
  readonly channels = new Set<string>();
  user: SignedInUser | undefined;
  /** Whether it has proved a right: signed in, or joined a private or presence channel. */
  authorized = false;
  /** Whether it has left its channels for good. */
  departed = false;
  /** Times of the client events of the last second, oldest first. */
  readonly clientEventsMs: number[] = [];

  constructor(
    readonly socketId: string,
    private readonly socket: WebSocket,
    public lastReceivedMs: number,
    private readonly record: (from: RecordedFrame['from'], text: string) => void,
  ) {}

  /** Whether one of the two sides has sent a close frame, or the socket is closed. */
  get isClosing(): boolean {
    return this.socket.readyState !== this.socket.OPEN;
  }

  send(frame: string): void {
    if (this.isClosing) return;
    this.record('server', frame);
    this.socket.send(frame);
  }

  /** Notes that the client sent a frame. */
  received(text: string, atMs: number): void {
    this.lastReceivedMs = atMs;
    this.record('client', text);
  }

  close(code: number, reason?: string): void {
    this.socket.close(code, reason);
  }

  /** Ends the connection without a close frame. */
  cut(): void {
    this.socket.terminate();
  }

  describe(appId: string): ConnectedClient {
    return {
      appId,
      socketId: this.socketId,
      channels: [...this.channels],
      ...(this.user && { userId: this.user.id }),
    };
  }
}
