import type { PublishedEvent, SentWebhook } from './records.js';

/** Something that happened to one app of a test server. */
export type AppActivity =
  | { type: 'connected'; socketId: string }
  | { type: 'disconnected'; socketId: string; code: number }
  | { type: 'subscribed'; socketId: string; channel: string; userId?: string }
  | { type: 'unsubscribed'; socketId: string; channel: string }
  | { type: 'signed_in'; socketId: string; userId: string }
  | { type: 'client_event'; socketId: string; channel: string; event: string; data: unknown }
  | { type: 'published'; published: PublishedEvent }
  | { type: 'webhook'; webhook: SentWebhook };

/** A request, a connection or a frame that was refused. */
export interface RefusedActivity {
  /** Distinguishes it from what happened to an app. */
  type: 'refused';
  /** Absent when it is not known which app was meant. */
  appId?: string;
  /** The connection that sent the frame. */
  socketId?: string;
  /** Why, as the client received it. */
  message: string;
}

/** Something that happened on a test server. */
export type ServerActivity = ({ appId: string } & AppActivity) | RefusedActivity;

/** Leaves the signature out of a refusal: it helps no reader. */
export function withoutSignature(message: string): string {
  return message.replace(/[,:]? (?:but (?:you sent|got)|you should have sent) .*/s, '');
}
