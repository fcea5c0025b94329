export { PusherAssertionError } from './assertion-error.js';
export { channelAuthRequest, type ChannelAuthRequestOptions } from './channel-auth-request.js';
export type { EventMatcher } from './fake/assertions.js';
export type { FakeChannel } from './fake/fake-channels.js';
export { FakePusherService } from './fake/fake-pusher.service.js';
export {
  PusherTestingModule,
  type PusherTestingModuleOptions,
} from './fake/pusher-testing.module.js';
export { replacePusher } from './fake/replace-pusher.js';
export type { TriggeredEvent } from './fake/triggered-event.js';
export { ManualClock } from './manual-clock.js';
export {
  type HostileNamesOptions,
  type TestChannelRulesOptions,
  type TestedChannelRules,
  testChannelRules,
} from './rules/test-channel-rules.js';
export type { TestServerClientOptions, TestServerConnection } from './server/addresses.js';
export type { ServerFault } from './server/api/faults.js';
export type { TestServerClock } from './server/clock.js';
export type { TestServerLimits } from './server/limits.js';
export type { AppActivity, RefusedActivity, ServerActivity } from './server/observe/activity.js';
export type { WaitForOptions, WaitForSubscriptionOptions } from './server/observe/observer.js';
export type {
  ConnectedClient,
  PublishedEvent,
  ReceivedRequest,
  RecordedFrame,
  SentWebhook,
  WebhookAttempt,
} from './server/observe/records.js';
export type {
  PusherTestServerOptions,
  TestAppCredentials,
  TestAppOptions,
  WebhookDeliveryOptions,
} from './server/options.js';
export { type PusherJsExport, PusherTestServer } from './server/pusher-test-server.js';
export type { WebhookName, WireWebhookEvent } from './server/webhooks/event.js';
export { signWebhook, type SignedWebhook, type WebhookEventInput } from './sign-webhook.js';
