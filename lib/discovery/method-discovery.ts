import { Injectable } from '@nestjs/common';
import { ContextIdFactory, DiscoveryService, MetadataScanner, ModuleRef } from '@nestjs/core';
import { marksOn } from './mark-method.js';

/** A marked method of the application, ready to be called. */
export interface DiscoveredMethod<M> {
  /** What the decorator left. */
  mark: M;
  className: string;
  methodName: string;
  /**
   * Calls the method. Providers that live as long as a request are resolved for the call; what they
   * inject as `REQUEST` is the given request. A synchronous throw becomes a rejection.
   */
  call(args: readonly unknown[], request?: unknown): Promise<unknown>;
}

type Provider = ReturnType<DiscoveryService['getProviders']>[number];

/** Finds decorated methods in all providers and controllers of the application. */
@Injectable()
export class MethodDiscovery {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly moduleRef: ModuleRef,
  ) {}

  /**
   * The methods on which `markMethod` left a mark, inherited ones included; a method with several
   * marks comes once for each. Complete once all providers exist: at `onApplicationBootstrap`.
   */
  markedWith<M>(metadataKey: symbol | string): DiscoveredMethod<M>[] {
    return this.providers().flatMap((provider) => {
      const prototype = prototypeOf(provider);
      if (prototype === null) return [];
      const className = nameOf(prototype);
      return this.scanner.getAllMethodNames(prototype).flatMap((methodName) =>
        marksOn(metadataKey, methodOf(prototype, methodName)).map((mark) => ({
          mark: mark as M,
          className,
          methodName,
          call: async (args: readonly unknown[], request?: unknown): Promise<unknown> => {
            const instance = await this.instanceOf(provider, request);
            return await methodOf(instance, methodName).apply(instance, [...args]);
          },
        })),
      );
    });
  }

  /** Each object once, however many tokens lead to it. */
  private providers(): Provider[] {
    const seen = new Set<unknown>();
    return [...this.discovery.getProviders(), ...this.discovery.getControllers()].filter(
      (provider) => {
        const identity = isStatic(provider) ? (provider.instance as unknown) : provider;
        if (provider.isAlias || seen.has(identity)) return false;
        seen.add(identity);
        return true;
      },
    );
  }

  private async instanceOf(provider: Provider, request: unknown): Promise<object> {
    if (isStatic(provider)) return provider.instance as object;
    const context = ContextIdFactory.getByRequest(request as Record<string, unknown>);
    // As Nest does it: what outlives the request must not hold on to the first one.
    const visible = provider.isDependencyTreeDurable() ? context.payload : request;
    if (visible !== undefined) this.moduleRef.registerRequestByContextId(visible, context);
    return await this.moduleRef.resolve<object>(tokenOf(provider), context, { strict: false });
  }
}

function isStatic(provider: Provider): boolean {
  return provider.isDependencyTreeStatic() && !provider.isTransient;
}

/** Of a class without an instance as yet, its own prototype; of a value or a factory's product, what it has. */
function prototypeOf(provider: Provider): object | null {
  const { metatype } = provider;
  if (metatype && !provider.isFactory) return (metatype.prototype as object | undefined) ?? null;
  const instance = provider.instance as unknown;
  return typeof instance === 'object' && instance !== null
    ? (Object.getPrototypeOf(instance) as object | null)
    : null;
}

function nameOf(prototype: object): string {
  return typeof prototype.constructor === 'function' ? prototype.constructor.name : 'an object';
}

function methodOf(owner: object, name: string): (...args: unknown[]) => unknown {
  return Reflect.get(owner, name) as (...args: unknown[]) => unknown;
}

/** Any token will do; Nest has no single type for all of them here. */
function tokenOf(provider: Provider): symbol {
  return provider.token as symbol;
}
