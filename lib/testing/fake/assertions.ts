import { inspect } from 'node:util';
import { checkName, invalidArgument, shownValue, whatWasGiven } from '../../protocol/arguments.js';
import { USER_CHANNEL_PREFIX } from '../../protocol/names.js';
import { PusherAssertionError } from '../assertion-error.js';
import type { TriggeredEvent } from './triggered-event.js';

/** The channel that the event must be on, or a predicate that it must match. */
export type EventMatcher = string | ((event: TriggeredEvent) => boolean);

/** How many events a message lists at most: the last ones, which are the most likely to explain the failure. */
const SHOWN = 20;

export function assertTriggered(
  triggered: readonly TriggeredEvent[],
  event: string,
  match?: EventMatcher,
): void {
  if (matching(triggered, event, match).length > 0) return;
  fail(`${subject(event, match)} was not triggered.`, triggered);
}

export function assertTriggeredTimes(
  triggered: readonly TriggeredEvent[],
  event: string,
  times: number,
  match?: EventMatcher,
): void {
  const found = matching(triggered, event, match).length;
  if (!Number.isInteger(times) || times < 0)
    throw invalidArgument('times', `must be a whole number from 0 up; ${shownValue(times)}`);
  if (found === times) return;
  const expected = times === 0 ? 'should not have been' : `should have been ${count(times)}`;
  fail(`${subject(event, match)} was triggered ${count(found)}, but ${expected}.`, triggered);
}

export function assertNothingTriggered(triggered: readonly TriggeredEvent[]): void {
  if (triggered.length > 0) fail('Nothing should have been triggered.', triggered);
}

export function assertNothingHeld(held: number): void {
  if (held === 0) return;
  throw new PusherAssertionError(
    `${held} emitted ${held === 1 ? 'event is' : 'events are'} still held. Await the work within @HoldEvents() and holdEvents().`,
  );
}

function matching(
  triggered: readonly TriggeredEvent[],
  event: string,
  match: EventMatcher | undefined,
): TriggeredEvent[] {
  // Whatever is not a name matches no event: an assertion that there was none would always hold.
  checkName(event, 'event', 'the name of an event');
  const isMatcher = match === undefined || ['string', 'function'].includes(typeof match);
  if (!isMatcher)
    throw invalidArgument('match', `must be a channel or a predicate; ${whatWasGiven(match)}`);
  return triggered.filter((one) => {
    if (one.event !== event) return false;
    if (match === undefined) return true;
    return typeof match === 'function' ? match(one) : targetsOf(one).includes(match);
  });
}

function targetsOf({ channels, userId }: TriggeredEvent): readonly string[] {
  return userId === undefined ? channels : [USER_CHANNEL_PREFIX + userId];
}

function subject(event: string, match: EventMatcher | undefined): string {
  if (match === undefined) return `Event "${event}"`;
  const condition = typeof match === 'function' ? 'matching the predicate' : `on "${match}"`;
  return `Event "${event}" ${condition}`;
}

function count(times: number): string {
  return times === 1 ? 'once' : `${times} times`;
}

function fail(message: string, triggered: readonly TriggeredEvent[]): never {
  throw new PusherAssertionError(`${message}\n${listed(triggered)}`);
}

function listed(triggered: readonly TriggeredEvent[]): string {
  if (triggered.length === 0) return 'Nothing was triggered.';
  const left = triggered.length - SHOWN;
  const lines = triggered.slice(-SHOWN).map((event) => {
    const data = inspect(event.data, { depth: 3, breakLength: Infinity, maxStringLength: 200 });
    return `  ${event.event} on ${targetsOf(event).join(', ')}: ${data}`;
  });
  return ['Triggered:', ...(left > 0 ? [`  (${left} more before these)`] : []), ...lines].join(
    '\n',
  );
}
