import { channelKind, isCacheChannel } from '../../../protocol/names.js';
import type { App } from '../app.js';
import { Refusal } from './answer.js';

/** An attribute of a channel, as the `info` parameter names it. */
export type Info = 'user_count' | 'subscription_count' | 'cache';

/**
 * The attributes asked for.
 * @throws Refusal when one is not served here
 */
export function infoIn(value: unknown, served: readonly Info[]): Info[] {
  if (value === undefined || value === null || value === '') return [];
  if (typeof value !== 'string') throw new Refusal(400, 'Expected info parameter to be a string');
  return value.split(',').map((name) => {
    const info = served.find((each) => each === name);
    if (!info) throw new Refusal(400, `Invalid info attribute: ${name}`);
    return info;
  });
}

/** Those attributes that the channel has; what its type does not have is left out. */
export function attributesOf(
  app: App,
  name: string,
  infos: readonly Info[],
): Record<string, unknown> {
  return Object.fromEntries(
    infos.filter((info) => has(name, info)).map((info) => [info, read(app, name, info)]),
  );
}

/** Whether channels of this type have the attribute. */
export function has(name: string, info: Info): boolean {
  if (info === 'user_count') return channelKind(name) === 'presence';
  return info === 'cache' ? isCacheChannel(name) : true;
}

function read(app: App, name: string, info: Info): unknown {
  const channel = app.channels.get(name);
  if (info === 'user_count') return channel?.userCount ?? 0;
  if (info === 'subscription_count') return channel?.subscriptionCount ?? 0;
  const cached = app.cache.get(name);
  return cached ? { data: cached.data, ttl: cached.ttl } : null;
}
