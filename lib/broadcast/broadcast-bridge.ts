import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { PusherOptionsError } from '../errors/pusher-options.error.js';
import { AppRegistry } from '../options/app-registry.js';
import type { BroadcastSource } from '../options/pusher-module-options.js';
import { shownName } from '../protocol/arguments.js';
import { broadcastsOf } from './broadcast.decorator.js';
import { DeclaredEvents } from './declared-events.js';

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Bus = Record<string, unknown>;

/** Returns the published values among the arguments of a method that publishes. */
type ReadValues = (args: readonly unknown[]) => readonly unknown[];

const afterTheName: ReadValues = ([, ...values]) => values;

/** How buses publish: `EventEmitter2` under a name, `EventBus` of `@nestjs/cqrs` one value or a list. */
const PUBLISHING: Readonly<Record<string, ReadValues>> = {
  emit: afterTheName,
  emitAsync: afterTheName,
  publish: ([event]) => [event],
  publishAll: ([events]) => (Array.isArray(events) ? events : []),
};

/**
 * Publishes objects of classes with `@Broadcast()` when the application publishes them on a bus of its
 * own. The publishing methods of the bus are replaced rather than listened to: a listener of
 * `EventEmitter2` would change what they return, and would hide an `error` event that nobody handles.
 */
@Injectable()
export class BroadcastBridge implements OnModuleInit, OnApplicationShutdown {
  readonly #restore: (() => void)[] = [];

  constructor(
    private readonly apps: AppRegistry,
    private readonly moduleRef: ModuleRef,
    private readonly events: DeclaredEvents,
  ) {}

  /**
   * Finds the buses; Nest calls it.
   * @throws PusherOptionsError when one does not exist, or is not a bus
   */
  onModuleInit(): void {
    const sources = this.apps.all().flatMap(({ broadcastFrom }) => broadcastFrom ?? []);
    const buses = new Set(sources.map((source) => this.#find(source)));
    for (const bus of buses) this.#follow(bus);
  }

  /** Leaves buses that outlive the application as they were; Nest calls it. */
  onApplicationShutdown(): void {
    for (const restore of this.#restore.splice(0)) restore();
  }

  #find(source: BroadcastSource): Bus {
    const name = shownName(typeof source === 'function' ? source.name : String(source));
    const bus = this.#provided(source);
    if (bus === undefined)
      throw new PusherOptionsError([
        `\`broadcastFrom\` names ${name}, which no module provides as one object for the whole application. Import its module, such as EventEmitterModule.forRoot() or CqrsModule.forRoot(), or leave it out.`,
      ]);
    if (!Object.keys(PUBLISHING).some((method) => typeof bus[method] === 'function'))
      throw new PusherOptionsError([
        `\`broadcastFrom\` names ${name}, which has none of the methods ${Object.keys(PUBLISHING).join(', ')}. Name a bus, such as EventEmitter2 or EventBus.`,
      ]);
    return bus;
  }

  #provided(source: BroadcastSource): Bus | undefined {
    try {
      return Object(this.moduleRef.get<unknown>(source, { strict: false })) as Bus;
    } catch {
      return undefined;
    }
  }

  #follow(bus: Bus): void {
    for (const [name, valuesOf] of Object.entries(PUBLISHING)) {
      const method = bus[name];
      if (typeof method !== 'function') continue;
      const broadcast = (args: readonly unknown[]): void => this.#broadcast(valuesOf(args));
      const following: Method = function (...args) {
        broadcast(args);
        return Reflect.apply(method as Method, this, args);
      };
      this.#restore.push(override(bus, name, following));
    }
  }

  /** Never throws: what is wrong with an event is logged, and the bus publishes it as always. */
  #broadcast(values: readonly unknown[]): void {
    for (const value of values)
      for (const declaration of broadcastsOf(value)) this.events.emit(declaration, value, []);
  }
}

/** Gives an object a method of its own. Returns what takes it away again, unless it has been replaced. */
function override(owner: Bus, name: string, method: Method): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { configurable: true, writable: true, value: method });
  return () => {
    if (owner[name] !== method) return;
    if (before === undefined) delete owner[name];
    else Object.defineProperty(owner, name, before);
  };
}
