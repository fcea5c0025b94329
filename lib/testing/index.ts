export { signWebhook } from './sign-webhook.js';
export type { SignedWebhook, WebhookEventInput } from './sign-webhook.js';
export { ManualClock } from './manual-clock.js';
export { PusherTestServer } from './server/pusher-test-server.js';
export type { TestServerClientOptions, TestServerConnection } from './server/addresses.js';
export type { SubscriptionWaitForOptions, WaitForOptions } from './server/observe/wait-options.js';
export type { ServerActivity, AppActivity, RefusedActivity } from './server/observe/activity.js';
export type { TestServerClock } from './server/clock.js';
export type { ServerFault } from './server/faults.js';
export type { TestServerLimits } from './server/limits.js';
export type {
  AppCredentials,
  PusherTestServerOptions,
  TestAppOptions,
  WebhookDeliveryOptions,
} from './server/options.js';
export type {
  ConnectionState,
  FrameRecord,
  PublishedEvent,
  ReceivedRequest,
  SentWebhook,
  WebhookAttempt,
} from './server/observe/records.js';
export type { WebhookName, WireWebhookEvent } from './server/webhooks/webhook-event.js';
export type { EventMatcher } from './fake/assertions.js';
export type { FakeChannel } from './fake/fake-channels.js';
export { FakePusherService } from './fake/fake-pusher.service.js';
export {
  PusherTestingModule,
  type PusherTestingModuleOptions,
} from './fake/pusher-testing.module.js';
export { replacePusher } from './fake/replace-pusher.js';
export type { TriggeredEvent } from './fake/triggered-event.js';
export { channelAuthRequest, type ChannelAuthRequestOptions } from './channel-auth-request.js';
export {
  type HostileNamesOptions,
  type TestChannelRulesOptions,
  type TestedChannelRules,
  testChannelRules,
} from './rules/test-channel-rules.js';
