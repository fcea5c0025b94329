import {
  createParamDecorator,
  type ExecutionContext,
  HttpCode,
  type PipeTransform,
  type Type,
  UseGuards,
} from '@nestjs/common';
import { decoratorOptions } from '../../options/validation/decorator-options.js';
import { argumentShape } from '../../protocol/arguments.js';
import { keepBody } from './fastify-bodies.js';
import {
  PusherWebhookGuard,
  type PusherWebhookOptions,
  setWebhookOptions,
  webhookOptionsOf,
} from './pusher-webhook.guard.js';
import { verifiedWebhook } from './receipt.js';

const InjectWebhook = createParamDecorator((_data: undefined, context: ExecutionContext) =>
  verifiedWebhook(context.switchToHttp().getRequest<object>()),
);

const OPTIONS = argumentShape('option', "{ apps: ['eu'] }", ['apps', 'guard'], {
  app: 'apps',
  guards: 'guard',
});

/**
 * Makes a route accept webhooks: only verified ones reach the method, and the status is 200.
 *
 * On a parameter it also injects the `Webhook`; on a method it does not. Both can be combined. An
 * `@HttpCode` above the one on the method takes precedence.
 *
 * ```ts
 * @Post('webhooks/pusher')
 * handle(@PusherWebhook() webhook: Webhook) {}
 * ```
 *
 * On Express, the application must keep raw bodies: `NestFactory.create(AppModule, { rawBody: true })`.
 * @param pipes pipes for the parameter
 */
export function PusherWebhook(
  options: PusherWebhookOptions = {},
  ...pipes: (Type<PipeTransform> | PipeTransform)[]
): MethodDecorator & ParameterDecorator {
  const given = decoratorOptions('@PusherWebhook()', options, OPTIONS);
  return (
    target: object,
    key: string | symbol | undefined,
    position?: number | PropertyDescriptor,
  ) => {
    const descriptor = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
    if (key === undefined || descriptor === undefined)
      throw new TypeError(
        '@PusherWebhook() must be on a method of a controller or on a parameter of one.',
      );
    if (typeof position === 'number') InjectWebhook(undefined, ...pipes)(target, key, position);
    bindGuard(given, target, key, descriptor);
  };
}

function bindGuard(
  options: PusherWebhookOptions,
  target: object,
  key: string | symbol,
  descriptor: PropertyDescriptor,
): void {
  const method = descriptor.value as object;
  const before = webhookOptionsOf(method);
  if (before !== undefined && options.guard !== undefined && options.guard !== before.guard)
    throw new TypeError(
      `@PusherWebhook() of ${String(key)}: the decorator of its parameter has already bound a guard. Pass { guard } to that decorator instead.`,
    );
  setWebhookOptions(method, { ...before, ...options });
  if (before !== undefined) return;
  keepBody(method);
  UseGuards(options.guard ?? PusherWebhookGuard)(target, key, descriptor);
  HttpCode(200)(target, key, descriptor);
}
