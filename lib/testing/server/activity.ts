import type { PublishedEvent, SentWebhook } from './records.js';

/** Something that happened on a test server. */
export type Activity = { appId: string } & (
  | { type: 'connected'; socketId: string }
  | { type: 'disconnected'; socketId: string; code: number }
  | { type: 'subscribed'; socketId: string; channel: string; userId?: string }
  | { type: 'unsubscribed'; socketId: string; channel: string }
  | { type: 'signed_in'; socketId: string; userId: string }
  | { type: 'refused'; socketId?: string; message: string }
  | { type: 'client_event'; socketId: string; channel: string; event: string; data: unknown }
  | { type: 'published'; published: PublishedEvent }
  | { type: 'webhook'; webhook: SentWebhook }
);
