import type { WebSocket } from 'ws';
import type { ConnectionState, FrameRecord } from '../observe/records.js';

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
  /** Times of the client events of the last second, oldest first. */
  readonly clientEventsMs: number[] = [];

  constructor(
    readonly socketId: string,
    private readonly socket: WebSocket,
    public lastHeardMs: number,
    private readonly record: (from: FrameRecord['from'], text: string) => void,
  ) {}

  send(frame: string): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    this.record('server', frame);
    this.socket.send(frame);
  }

  /** Notes that the client said something. */
  heard(text: string, atMs: number): void {
    this.lastHeardMs = atMs;
    this.record('client', text);
  }

  close(code: number, reason?: string): void {
    this.socket.close(code, reason);
  }

  /** Cuts the line without a goodbye. */
  cut(): void {
    this.socket.terminate();
  }

  state(appId: string): ConnectionState {
    return {
      appId,
      socketId: this.socketId,
      channels: [...this.channels],
      ...(this.user && { userId: this.user.id }),
    };
  }
}
