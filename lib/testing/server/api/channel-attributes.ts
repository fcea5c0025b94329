import { channelKind, isCacheChannel } from '../../../protocol/names.js';
import type { App } from '../app.js';
import { ApiError } from './response.js';

/** An attribute of a channel, as the `info` parameter names it. */
export type AttributeName = 'user_count' | 'subscription_count' | 'cache';

/**
 * The attributes that were requested.
 * @throws ApiError when one is not served here, or is not enabled for the app
 */
export function attributeNamesIn(
  { settings }: App,
  value: unknown,
  served: readonly AttributeName[],
): AttributeName[] {
  if (value === undefined || value === null || value === '') return [];
  if (typeof value !== 'string') throw new ApiError(400, 'Expected info parameter to be a string');
  return value.split(',').map((name) => {
    const attribute = served.find((each) => each === name);
    if (!attribute) throw new ApiError(400, `Invalid info attribute: ${name}`);
    if (attribute === 'subscription_count' && !settings.subscriptionCount)
      throw new ApiError(
        400,
        'Cannot retrieve the subscription count because subscription counting is not enabled',
      );
    return attribute;
  });
}

/** The requested attributes that a channel of this type has. */
export function attributesOf(
  app: App,
  channel: string,
  names: readonly AttributeName[],
): Record<string, unknown> {
  return Object.fromEntries(
    names
      .filter((attribute) => hasAttribute(channel, attribute))
      .map((attribute) => [attribute, read(app, channel, attribute)]),
  );
}

/** Whether channels of this type have the attribute. */
export function hasAttribute(channel: string, attribute: AttributeName): boolean {
  if (attribute === 'user_count') return channelKind(channel) === 'presence';
  return attribute === 'cache' ? isCacheChannel(channel) : true;
}

function read(app: App, name: string, attribute: AttributeName): unknown {
  const channel = app.channels.get(name);
  if (attribute === 'user_count') return channel?.userCount ?? 0;
  if (attribute === 'subscription_count') return channel?.subscriptionCount ?? 0;
  const cached = app.cache.get(name);
  return cached ? { data: cached.data, ttl: cached.ttl } : null;
}
