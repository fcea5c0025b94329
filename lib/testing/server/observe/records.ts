import type { IncomingHttpHeaders } from 'node:http';
import type { WireWebhookEvent } from '../webhooks/webhook-event.js';

/** An event that the HTTP API accepted. */
export interface PublishedEvent {
  /** Id of the app. */
  appId: string;
  /** Name of the event. */
  event: string;
  /** Its channels, each once; `#server-to-user-<id>` for an event to a user. */
  channels: readonly string[];
  /** The text that subscribers get; sealed on encrypted channels. */
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
  /** Empty when the line was cut before it was read. */
  body: string;
  /** What was answered, once it was. */
  status?: number;
}

/** One try to hand over a webhook. */
export interface WebhookAttempt {
  /** Milliseconds since 1970, by the server's clock. */
  atMs: number;
  /** What the application answered. */
  status?: number;
  /** The text of that answer. */
  body?: string;
  /** Why there was no answer. */
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
  /** The text that was signed. */
  body: string;
  /** When it was made, in milliseconds since 1970, by the server's clock. */
  timeMs: number;
  /** The events in it, as the wire has them. */
  events: readonly WireWebhookEvent[];
  /** What became of each try; empty until the first has ended. */
  attempts: readonly WebhookAttempt[];
  /** Whether an attempt was answered with 2xx. */
  delivered: boolean;
}

/** A connection as it is at the moment. */
export interface ConnectionState {
  /** Id of the app. */
  appId: string;
  /** Id of the connection. */
  socketId: string;
  /** What it is subscribed to, in the order of subscription. */
  channels: readonly string[];
  /** The user that it is signed in as. */
  userId?: string;
}

/** A frame as it crossed a socket. */
export interface FrameRecord {
  /** Id of the app. */
  appId: string;
  /** Id of the connection. */
  socketId: string;
  /** Who sent it. */
  from: 'client' | 'server';
  /** The frame as it travelled. */
  text: string;
}
