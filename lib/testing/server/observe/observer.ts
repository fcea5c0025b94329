import {
  argumentShape,
  checkName,
  invalidArgument,
  readArgument,
  shownValue,
  valueOfType,
  whatWasGiven,
} from '../../../protocol/arguments.js';
import { checkWebhookName } from '../check-options.js';
import { type RefusedActivity, withoutSignature } from './activity.js';
import type { ConnectedClient, PublishedEvent, SentWebhook } from './records.js';
import type { Records } from './recorder.js';
import type { Waits } from './waits.js';

/** How long to wait, in milliseconds of this machine, whatever the server's clock says. */
export interface WaitForOptions {
  /** The wait ends with an error after this time. @default 4000, below the 5 s that most test runners allow */
  timeoutMs?: number | undefined;
}

/** Which connections of a channel to wait for. */
export interface WaitForSubscriptionOptions extends WaitForOptions {
  /** How many. @default 1 */
  count?: number | undefined;
  /** On which app. @default any */
  appId?: string | undefined;
}

const DEFAULT_TIMEOUT_MS = 4000;

/** How many items a message lists at most: the last ones, which are the most likely to explain the failure. */
const MAX_LISTED = 20;

const WAIT_FOR = argumentShape('option', '{ timeoutMs: 1000 }', ['timeoutMs'], {
  timeout: 'timeoutMs',
});

const WAIT_FOR_SUBSCRIPTION = argumentShape(
  'option',
  '{ count: 2 }',
  ['timeoutMs', 'count', 'appId'],
  { timeout: 'timeoutMs', app: 'appId', times: 'count' },
);

function timeoutIn(options: WaitForOptions): number {
  return timeoutOf(readArgument(options, 'options', WAIT_FOR));
}

function timeoutOf({ timeoutMs = DEFAULT_TIMEOUT_MS }: WaitForOptions): number {
  return Number(valueOfType(timeoutMs, 'timeoutMs', ['number']));
}

function checkMatch(match: unknown): void {
  if (typeof match !== 'string' && typeof match !== 'function')
    throw invalidArgument('match', `must be a name or a predicate; ${whatWasGiven(match)}`);
}

/** The part of a server's state that can be waited for. */
interface Observed {
  readonly recorder: {
    readonly published: Records<PublishedEvent>;
    readonly webhooks: Records<SentWebhook>;
    readonly refusals: Records<RefusedActivity>;
    readonly waits: Waits;
  };
  connectedClients(): ConnectedClient[];
}

/** Waits for what happens on a server; `PusherTestServer` has the same methods, documented. */
export class ServerObserver {
  constructor(private readonly state: Observed) {}

  nextPublished(
    match: string | ((event: PublishedEvent) => boolean),
    options: WaitForOptions,
  ): Promise<PublishedEvent> {
    checkMatch(match);
    const timeoutMs = timeoutIn(options);
    const { waits, published } = this.state.recorder;
    const [matches, what] =
      typeof match === 'string'
        ? [({ event }: PublishedEvent) => event === match, `the event "${match}"`]
        : [match, 'a published event'];
    const describe = () => this.#seen('Published', published.all().map(describeEvent));
    return waits.until(() => published.take(matches), what, timeoutMs, describe);
  }

  nextWebhook(
    match: string | ((webhook: SentWebhook) => boolean),
    options: WaitForOptions,
  ): Promise<SentWebhook> {
    checkMatch(match);
    if (typeof match === 'string') checkWebhookName(match, 'match');
    const timeoutMs = timeoutIn(options);
    const { waits, webhooks } = this.state.recorder;
    const [matches, what] =
      typeof match === 'string'
        ? [hasEvent(match), `the webhook "${match}"`]
        : [match, 'a webhook'];
    const probe = () => webhooks.take((each) => isAttempted(each) && matches(each));
    const describe = () => this.#seen('Webhooks', webhooks.all().map(describeWebhook));
    return waits.until(probe, what, timeoutMs, describe);
  }

  waitForSubscription(
    channel: string,
    options: WaitForSubscriptionOptions,
  ): Promise<ConnectedClient[]> {
    const { count = 1, appId, ...rest } = readArgument(options, 'options', WAIT_FOR_SUBSCRIPTION);
    checkName(channel, 'channel', 'the name of a channel');
    if (!Number.isInteger(count) || count < 1)
      throw invalidArgument('count', `must be a whole number from 1 up; ${shownValue(count)}`);
    const timeoutMs = timeoutOf(rest);
    const probe = () => {
      const found = this.state
        .connectedClients()
        .filter(
          (each) =>
            each.channels.includes(channel) && (appId === undefined || each.appId === appId),
        );
      return found.length >= count ? found : undefined;
    };
    const what = `${count === 1 ? 'a subscription' : `${count} subscriptions`} to "${channel}"`;
    return this.#until(probe, what, timeoutMs);
  }

  async until(condition: () => boolean, what: string, options: WaitForOptions): Promise<void> {
    if (typeof condition !== 'function')
      throw invalidArgument('condition', `must be a function; ${whatWasGiven(condition)}`);
    await this.#until(() => (condition() ? true : undefined), what, timeoutIn(options));
  }

  #until<T>(probe: () => T | undefined, what: string, timeoutMs: number): Promise<T> {
    const describe = () =>
      this.#seen('Connected', this.state.connectedClients().map(describeClient));
    return this.state.recorder.waits.until(probe, what, timeoutMs, describe);
  }

  /** What there was instead, and what was refused: often that is why the rest did not happen. */
  #seen(what: string, items: readonly string[]): string {
    const refusals = this.state.recorder.refusals.all().map(describeRefusal);
    const refused = refusals.length > 0 ? ` ${list('Refused', refusals)}` : '';
    return `${list(what, items)}${refused}`;
  }
}

function hasEvent(wanted: string): (webhook: SentWebhook) => boolean {
  return ({ events }) => events.some(({ name }) => name === wanted);
}

/** Whether the application has responded, or failed to, or there is nowhere to send to. */
function isAttempted({ url, attempts }: SentWebhook): boolean {
  return url === undefined || attempts.length > 0;
}

function describeEvent({ event, channels }: PublishedEvent): string {
  return `${event} on ${channels.join(', ')}`;
}

function describeWebhook({ events, attempts }: SentWebhook): string {
  const names = events.map(({ name }) => name).join(' + ');
  const last = attempts.at(-1);
  return last ? `${names} (${last.status ?? last.error})` : names;
}

function describeClient({ socketId, channels }: ConnectedClient): string {
  return `${socketId} on ${channels.join(', ') || 'no channel'}`;
}

function describeRefusal({ socketId, message }: RefusedActivity): string {
  const whose = socketId === undefined ? '' : `${socketId}: `;
  return whose + withoutSignature(message).trim().replace(/\.$/, '');
}

function list(what: string, items: readonly string[]): string {
  return `${what}: ${items.length > 0 ? items.slice(-MAX_LISTED).join('; ') : 'none'}.`;
}
