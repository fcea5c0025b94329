import {
  createParamDecorator,
  type ExecutionContext,
  HttpCode,
  type PipeTransform,
  type Type,
  UseGuards,
} from '@nestjs/common';
import { type IncomingWebhook, WEBHOOK } from './incoming-webhook.js';
import {
  hasWebhookOptions,
  leaveWebhookOptions,
  type PusherWebhookOptions,
  webhookOptionsOf,
} from './pusher-webhook-options.js';
import { PusherWebhookGuard } from './pusher-webhook.guard.js';
import type { Webhook } from '../webhook.js';

const InjectWebhook = createParamDecorator(
  (_data: undefined, context: ExecutionContext): Webhook | undefined =>
    context.switchToHttp().getRequest<IncomingWebhook>()[WEBHOOK],
);

/**
 * Makes a route a receiver of webhooks: only verified ones get in, and the answer is 200.
 *
 * On a parameter it injects the `Webhook` and does all of this; on a method it does the rest without
 * the parameter; both together are fine. An `@HttpCode` of the method wins where it stands above.
 *
 * ```ts
 * @Post('webhooks/pusher')
 * handle(@PusherWebhook() webhook: Webhook) {}
 * ```
 *
 * The application must keep raw bodies: `NestFactory.create(AppModule, { rawBody: true })`.
 * @param pipes pipes for the parameter
 */
export function PusherWebhook(
  options: PusherWebhookOptions = {},
  ...pipes: (Type<PipeTransform> | PipeTransform)[]
): MethodDecorator & ParameterDecorator {
  return (target: object, key: string | symbol | undefined, at?: number | PropertyDescriptor) => {
    const descriptor = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
    if (key === undefined || descriptor === undefined)
      throw new TypeError('@PusherWebhook() belongs on a method of a controller or its parameter.');
    if (typeof at === 'number') InjectWebhook(undefined, ...pipes)(target, key, at);
    bind(options, target, key, descriptor);
  };
}

function bind(
  options: PusherWebhookOptions,
  target: object,
  key: string | symbol,
  descriptor: PropertyDescriptor,
): void {
  const method = descriptor.value as object;
  const isBound = hasWebhookOptions(method);
  const before = webhookOptionsOf(method);
  if (isBound && options.guard !== undefined && options.guard !== before.guard)
    throw new TypeError(
      `@PusherWebhook() of ${String(key)}: the parameter has bound its guard already. Give { guard } to the parameter.`,
    );
  leaveWebhookOptions({ ...before, ...options }, method);
  if (isBound) return;
  UseGuards(options.guard ?? PusherWebhookGuard)(target, key, descriptor);
  HttpCode(200)(target, key, descriptor);
}
