import type { EventSchemas, OutputOf } from '../events/define-events.js';
import {
  type PusherChannel,
  type TypedChannel,
  typedChannel,
  type TypedChannelOptions,
} from './typed-channel.js';

/** The part of a presence channel of `pusher-js` that is used here. */
export interface PusherPresenceChannel extends PusherChannel {
  /** The members that are present now. */
  readonly members: {
    /** How many there are. */
    readonly count: number;
    /** This connection's own member. */
    readonly me: unknown;
    /** Calls a function with each member. */
    each(callback: (member: never) => void): void;
  };
}

/** A member of a presence channel. */
export interface TypedMember<Info> {
  /** Id of the user. */
  id: string;
  /** What the other members may know. */
  info: Info;
}

/** A presence channel whose handlers know its events and its members. */
export interface TypedPresence<Events, Info> extends TypedChannel<Events> {
  /** This connection's own member; `null` until the subscription has succeeded. */
  readonly me: TypedMember<Info> | null;
  /** The members that are present now. */
  members(): TypedMember<Info>[];
  /**
   * Calls the handler with all members, at once when they are known, and after every change. Returns a
   * function that stops it.
   */
  onMembers(handler: (members: TypedMember<Info>[]) => void): () => void;
}

/**
 * A presence channel of `pusher-js` with the types of your events and of what members know
 * about each other.
 *
 * ```ts
 * const room = typedPresence<{ name: string }>()(events, pusher.subscribe('presence-rooms.7'));
 * room.onMembers((members) => show(members.map(({ info }) => info.name)));
 * ```
 */
export function typedPresence<Info = unknown>() {
  return <Events extends EventSchemas>(
    events: Events,
    channel: PusherPresenceChannel,
    options?: TypedChannelOptions,
  ): TypedPresence<{ -readonly [Name in keyof Events]: OutputOf<Events[Name]> }, Info> => {
    const members = (): TypedMember<Info>[] => {
      const all: TypedMember<Info>[] = [];
      channel.members.each((member: TypedMember<Info>) => all.push(member));
      return all;
    };
    return {
      ...typedChannel(events, channel, options),
      get me() {
        return (channel.members.me ?? null) as TypedMember<Info> | null;
      },
      members,
      onMembers(handler) {
        const changed = (): void => handler(members());
        const onChanges = (method: 'bind' | 'unbind'): void => {
          for (const event of ['subscription_succeeded', 'member_added', 'member_removed'])
            channel[method](`pusher:${event}`, changed);
        };
        onChanges('bind');
        if (channel.members.count) changed();
        return () => onChanges('unbind');
      },
    };
  };
}
