import type { IncomingHttpHeaders } from 'node:http';
import type { WireWebhookEvent } from './webhooks/webhook-event.js';

/** An event that the HTTP API accepted. */
export interface PublishedEvent {
  appId: string;
  event: string;
  channels: readonly string[];
  /** The text that subscribers get; sealed on encrypted channels. */
  data: string;
  /** The connection that was left out. */
  socketId?: string;
}

/** A request to the HTTP API as it arrived. */
export interface ReceivedRequest {
  method: string;
  /** As received: with the prefix, without the query, nothing decoded. */
  path: string;
  /** Decoded. */
  query: Readonly<Record<string, string>>;
  /** As received, without the question mark. */
  rawQuery: string;
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
  body?: string;
  /** Why there was no answer. */
  error?: string;
}

/** A webhook, and what became of it. */
export interface SentWebhook {
  appId: string;
  /** Absent when no address is set: then nothing was sent. */
  url?: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  timeMs: number;
  events: readonly WireWebhookEvent[];
  attempts: readonly WebhookAttempt[];
  /** Whether an attempt was answered with 2xx. */
  delivered: boolean;
}

/** A connection as it is at the moment. */
export interface ConnectionState {
  appId: string;
  socketId: string;
  channels: readonly string[];
  /** The user that it is signed in as. */
  userId?: string;
}

/** A frame as it crossed a socket. */
export interface FrameRecord {
  appId: string;
  socketId: string;
  from: 'client' | 'server';
  text: string;
}
