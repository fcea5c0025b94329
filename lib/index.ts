export {
  PusherModule,
  type PusherModuleAsyncOptions,
  type PusherModuleExtras,
  type PusherOptionsFactory,
} from './pusher.module.js';
export { InjectPusher, InjectPusherHttp, getPusherToken } from './pusher.tokens.js';
export { PusherService } from './pusher.service.js';
export {
  defineEvents,
  type EventSchema,
  type EventSchemas,
  type EventsOf,
  type ReceivedEventsOf,
} from './events/define-events.js';
export type {
  ClientAuthOptions,
  ClientOptionsRequest,
  PusherClientOptions,
} from './options/address/client-options.js';
export type { BatchingOptions } from './options/batching.options.js';
export type { HttpOptions, TlsOptions } from './options/http.options.js';
export type {
  BroadcastSource,
  PusherModuleOptions,
  PusherCredentials,
} from './options/pusher-module-options.js';
export type { RetryOptions } from './options/retry.options.js';
export type {
  WebhookDedupeOptions,
  WebhookOptions,
  WebhookStore,
} from './options/webhook.options.js';
export type {
  CachedEvent,
  ChannelAttribute,
  ChannelAttributes,
  ChannelState,
} from './protocol/channel-attributes.js';
export type { PatternParams } from './protocol/channel-pattern.js';
export type { PusherLimits, PusherServer } from './protocol/limits.js';
export type { UserId } from './protocol/user-ids.js';
export type { PresenceMember, UserData } from './protocol/users.js';
export type { ChannelQuery, ChannelsQuery } from './queries/queries.js';
export type { QueryStringRequest, QueryValues } from './queries/signed-query-string.js';
export type {
  AnyEvents,
  BatchEvent,
  BatchResult,
  EmitOptions,
  EventMap,
  TriggerOptions,
  TriggerResult,
  TryTriggerResult,
} from './trigger/trigger-options.js';
export type { PublishFailure } from './protocol/publish-failure.js';
export { HoldEvents } from './publishing/background/hold-events.decorator.js';
export type { PusherMetrics } from './publishing/metrics.js';
export {
  Broadcast,
  type BroadcastDecorator,
  type BroadcastOptions,
} from './broadcast/broadcast.decorator.js';
export {
  TriggerEvent,
  type TriggerEventDecorator,
  type TriggerEventOptions,
} from './broadcast/trigger-event.decorator.js';
export { SocketId } from './trigger/socket-id.decorator.js';
export {
  AuthenticateUser,
  type UserRuleDecorator,
} from './auth/rules/authenticate-user.decorator.js';
export {
  AuthorizeChannel,
  type ChannelRuleResult,
  type ChannelRuleDecorator,
  type RuleOptions,
} from './auth/rules/authorize-channel.decorator.js';
export { ChannelAuthRequest, UserAuthRequest } from './auth/rules/auth-request.js';
export type {
  ChannelAuthorization,
  UserAuthentication,
} from './auth/signing/channel-authorizer.js';
export { type ChannelRuleDescription, ChannelRules } from './auth/rules/channel-rules.js';
export {
  PusherAuthController,
  type PusherAuthControllerOptions,
} from './auth/endpoint/pusher-auth.controller.js';
export {
  type HandledEvent,
  OnPusherWebhook,
  type OnPusherWebhookOptions,
  type WebhookHandlerDecorator,
  type WebhookHandlerName,
  type WebhookCall,
} from './webhooks/handlers/on-pusher-webhook.decorator.js';
export { PusherWebhook } from './webhooks/endpoint/pusher-webhook.decorator.js';
export {
  PusherWebhookController,
  type PusherWebhookControllerOptions,
} from './webhooks/endpoint/pusher-webhook.controller.js';
export {
  type IncomingWebhook,
  PusherWebhookGuard,
  type PusherWebhookOptions,
} from './webhooks/endpoint/pusher-webhook.guard.js';
export { type DispatchReport, WebhookDispatcher } from './webhooks/handlers/webhook-dispatcher.js';
export { WebhookReceiver } from './webhooks/receive/webhook-receiver.js';
export type {
  CacheMissEvent,
  ChannelOccupiedEvent,
  ChannelVacatedEvent,
  ClientEvent,
  ClientEventOf,
  MemberAddedEvent,
  MemberRemovedEvent,
  SubscriptionCountEvent,
  UnknownWebhookEvent,
  WebhookEvent,
  WebhookEventName,
  WebhookEvents,
} from './webhooks/webhook-event.js';
export type { Webhook, WebhookHeaders, WebhookRequest } from './webhooks/webhook.js';
export type { PusherErrorCode } from './errors/error-code.js';
export { PusherConnectionError } from './errors/pusher-connection.error.js';
export { PusherError } from './errors/pusher-error.js';
export { PusherOptionsError } from './errors/pusher-options.error.js';
export { PusherRequestError } from './errors/pusher-request.error.js';
export { PusherValidationError } from './errors/pusher-validation.error.js';
export { PusherWebhookError } from './errors/pusher-webhook.error.js';
