import type { Type } from '@nestjs/common';
import type { PusherWebhookGuard } from './pusher-webhook.guard.js';

/** What a route accepts as a webhook. */
export interface PusherWebhookOptions {
  /** Names of the apps that are accepted. @default all registered apps */
  apps?: readonly string[];
  /** A guard of the application that extends `PusherWebhookGuard`. @default PusherWebhookGuard */
  guard?: Type<PusherWebhookGuard>;
}

const OPTIONS = Symbol.for('nestjs-pusher-channels:webhook-options');

/** The options that a decorator left on the method, empty when there are none. */
export function webhookOptionsOf(method: object): PusherWebhookOptions {
  return (Reflect.getMetadata(OPTIONS, method) ?? {}) as PusherWebhookOptions;
}

/** Whether a decorator has been here. */
export function hasWebhookOptions(method: object): boolean {
  return Reflect.hasMetadata(OPTIONS, method);
}

/** Leaves options on the method. */
export function leaveWebhookOptions(options: PusherWebhookOptions, method: object): void {
  Reflect.defineMetadata(OPTIONS, options, method);
}
