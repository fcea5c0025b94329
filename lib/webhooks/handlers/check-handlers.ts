import { distance, meantName } from '../../protocol/arguments.js';
import type { ChannelPattern } from '../../protocol/channel-pattern.js';
import type { PusherServer } from '../../protocol/limits.js';
import { type ChannelKind, quoted } from '../../protocol/names.js';
import { WEBHOOK_EVENT_NAMES, isWebhookEventName } from '../webhook-event.js';

/** What a handler subscribes to with one decorator, and the servers that it may come from. */
export interface CheckedSubscription {
  readonly names: readonly unknown[];
  readonly pattern?: ChannelPattern | undefined;
  readonly servers: readonly PusherServer[];
}

/** Why a subscription can never match an event: for each fault what is wrong, and a remedy. */
export function subscriptionFaults({ names, pattern, servers }: CheckedSubscription): string[] {
  if (names.length === 0) return ["The list of events is empty. Name one, or use '*' for all."];
  const faults = names.flatMap(
    (name) => nameFault(name) ?? (pattern && patternFault(name, pattern, servers)) ?? [],
  );
  const prefix = pattern && misspelledPrefix(pattern);
  return prefix === undefined ? faults : [...faults, prefix];
}

/** Why none of the servers sends what the subscription is for; `undefined` when one does. */
export function whyNotSent({ names, servers }: CheckedSubscription): string | undefined {
  if (servers.length === 0 || servers.some((server) => names.some((name) => sends(server, name))))
    return undefined;
  return servers.includes('reverb')
    ? "the server sends no webhooks (`server: 'reverb'`)."
    : `the server sends no ${names.join(' and no ')} (\`server: '${servers[0]}'\`).`;
}

/** The protocol reference of each server: Reverb has no webhooks, soketi all but one. */
function sends(server: PusherServer, name: unknown): boolean {
  if (server === 'reverb') return false;
  return server !== 'soketi' || name !== 'subscription_count';
}

function nameFault(name: unknown): string | undefined {
  if (typeof name !== 'string' || name === '')
    return 'The name of an event must be a non-empty string.';
  if (name === '*' || isWebhookEventName(name)) return undefined;
  const meant = meantName(name, WEBHOOK_EVENT_NAMES);
  return meant === undefined
    ? undefined
    : `${quoted(name)} is not the name of an event. Use '${meant}'.`;
}

/** Prefixes of the channels on which a server keeps the last event. */
const CACHE_PREFIXES: Readonly<Record<ChannelKind, string>> = {
  public: 'cache-',
  private: 'private-cache-',
  'private-encrypted': 'private-encrypted-cache-',
  presence: 'presence-cache-',
};

function patternFault(
  name: unknown,
  pattern: ChannelPattern,
  servers: readonly PusherServer[],
): string | undefined {
  const never = `${String(name)} never happens on the channels of ${quoted(pattern.text)}:`;
  // soketi accepts client events on any channel, and finds "cache-" anywhere in a name.
  const isStrict = servers.length > 0 && !servers.includes('soketi');
  switch (name) {
    case 'member_added':
    case 'member_removed':
      return pattern.kind === 'presence'
        ? undefined
        : `${never} only presence channels have members. Begin the pattern with presence-.`;
    case 'client_event':
      return pattern.kind === 'public' && isStrict
        ? `${never} clients send events on private and presence channels only. Begin the pattern with private- or presence-.`
        : undefined;
    case 'cache_miss':
      return isStrict && !canBegin(pattern, CACHE_PREFIXES[pattern.kind])
        ? `${never} they are not cache channels. Begin the pattern with ${CACHE_PREFIXES[pattern.kind]}.`
        : undefined;
    case 'subscription_count':
      return pattern.kind === 'presence' && servers.every((server) => server === 'pusher')
        ? `${never} presence channels have members instead. Use 'member_added' and 'member_removed'.`
        : undefined;
    default:
      return undefined;
  }
}

/** Whether a name that matches the pattern can begin with the prefix. */
function canBegin({ text }: ChannelPattern, prefix: string): boolean {
  const [head = ''] = text.split('{', 1);
  return head.startsWith(prefix) || (head !== text && prefix.startsWith(head));
}

/** The problem with a pattern whose channels are public because of a typing error in its prefix. */
function misspelledPrefix({ text, kind }: ChannelPattern): string | undefined {
  const [, first = ''] = /^([A-Za-z]+)-/.exec(text) ?? [];
  if (kind !== 'public') return undefined;
  const meant = ['presence', 'private'].find(
    (prefix) => distance(first.toLowerCase(), prefix) <= 1,
  );
  return meant === undefined
    ? undefined
    : `The pattern ${quoted(text)} is for public channels; begin it with ${meant}-. If public channels have such names, leave out \`channel\` and compare event.channel in the handler.`;
}
