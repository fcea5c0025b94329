import type { IncomingHttpHeaders } from 'node:http';
import type { WireWebhookEvent } from '../webhooks/event.js';

/** An event that the HTTP API accepted. */
export interface PublishedEvent {
  /** Id of the app. */
  appId: string;
  /** Name of the event. */
  event: string;
  /** Its channels, each once; `#server-to-user-<id>` for an event to a user. */
  channels: readonly string[];
  /** The string that subscribers receive; encrypted on encrypted channels. */
  data: string;
  /** The connection that was left out. */
  socketId?: string;
}

/** A request to the HTTP API as it arrived. */
export interface ReceivedRequest {
  /** As received. */
  method: string;
  /** As received: with the prefix, without the query, nothing decoded. */
  path: string;
  /** Decoded. */
  query: Readonly<Record<string, string>>;
  /** As received, without the question mark. */
  rawQuery: string;
  /** As Node has them, names in lower case. */
  headers: IncomingHttpHeaders;
  /** Empty when the connection was closed before it was read. */
  body: string;
  /** The status of the response, once it was sent. */
  status?: number;
}

/** One attempt to deliver a webhook. */
export interface WebhookAttempt {
  /** Milliseconds since 1970, by the server's clock. */
  atMs: number;
  /** Status of the application's response. */
  status?: number;
  /** Body of that response. */
  body?: string;
  /** Why there was no response. */
  error?: string;
}

/** A webhook, and what became of it. */
export interface SentWebhook {
  /** Id of the app. */
  appId: string;
  /** Absent when no address is set: then nothing was sent. */
  url?: string;
  /** Key, signature and content type, names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** The string that was signed. */
  body: string;
  /** When it was created, in milliseconds since 1970, by the server's clock. */
  timeMs: number;
  /** The events in it, with the field names of the wire. */
  events: readonly WireWebhookEvent[];
  /** How each attempt ended; empty until the first has. */
  attempts: readonly WebhookAttempt[];
  /** Whether the response to an attempt was 2xx. */
  delivered: boolean;
}

/** A connected client as it is at the moment. */
export interface ConnectedClient {
  /** Id of the app. */
  appId: string;
  /** Id of the connection. */
  socketId: string;
  /** The channels that it is subscribed to, in the order of subscription. */
  channels: readonly string[];
  /** The user that it is signed in as. */
  userId?: string;
}

/** A frame as it crossed a socket. */
export interface RecordedFrame {
  /** Id of the app. */
  appId: string;
  /** Id of the connection. */
  socketId: string;
  /** Who sent it. */
  from: 'client' | 'server';
  /** The frame as it was sent. */
  text: string;
}
