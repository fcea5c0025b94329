import { Injectable, SetMetadata } from '@nestjs/common';
import { ContextIdFactory, DiscoveryService, MetadataScanner, ModuleRef } from '@nestjs/core';

type Method = (...args: never[]) => unknown;

/**
 * Puts a mark on a method for `MethodDiscovery` to find. A method can carry several marks under one
 * key; they keep the order in which they are written above it.
 */
export function markMethod(metadataKey: symbol | string, mark: unknown, method: object): void {
  // Nest types metadata keys as strings only.
  SetMetadata(metadataKey as string, [mark, ...marksOn(metadataKey, method)])(method as Method);
}

/** The marks that `markMethod` put on the method; an empty list for a method without one. */
export function marksOn(metadataKey: symbol | string, method: object): readonly unknown[] {
  const marks: unknown = Reflect.getMetadata(metadataKey, method);
  return Array.isArray(marks) ? marks : [];
}

/** A marked method of the application, ready to be called. */
export interface DiscoveredMethod<M> {
  /** The mark that the decorator put on it. */
  mark: M;
  className: string;
  methodName: string;
  /**
   * Calls the method, and returns and throws what it does. Request-scoped providers are resolved for
   * the call, which then returns a promise; what they inject as `REQUEST` is the given request.
   */
  call(request: unknown, ...args: unknown[]): unknown;
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
   * The methods with a mark from `markMethod`, inherited ones included; a method with several marks
   * is listed once for each. Complete once all providers exist: from `onApplicationBootstrap` on.
   */
  markedWith<M>(metadataKey: symbol | string): DiscoveredMethod<M>[] {
    return this.providers().flatMap((provider) => {
      const prototype = prototypeOf(provider);
      if (prototype === null) return [];
      const className = nameOf(prototype);
      const instance = isStatic(provider) ? (provider.instance as object) : undefined;
      return this.scanner.getAllMethodNames(prototype).flatMap((methodName) =>
        marksOn(metadataKey, methodOf(prototype, methodName)).map((mark) => ({
          mark: mark as M,
          className,
          methodName,
          call: (request: unknown, ...args: unknown[]): unknown =>
            instance === undefined
              ? this.resolve(provider, request).then((it) => invoke(it, methodName, args))
              : invoke(instance, methodName, args),
        })),
      );
    });
  }

  /** Each object once, even if it is provided under several tokens. */
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

  private async resolve(provider: Provider, request: unknown): Promise<object> {
    const context = ContextIdFactory.getByRequest(request as Record<string, unknown>);
    // As in Nest: durable providers outlive the request and must not keep the first one.
    const visible = provider.isDependencyTreeDurable() ? context.payload : request;
    if (visible !== undefined) this.moduleRef.registerRequestByContextId(visible, context);
    return await this.moduleRef.resolve<object>(tokenOf(provider), context, { strict: false });
  }
}

function isStatic(provider: Provider): boolean {
  return provider.isDependencyTreeStatic() && !provider.isTransient;
}

/**
 * For a class, which may not have an instance yet, its own prototype; for values and factories,
 * that of the instance.
 */
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

/** Looks the method up for each call, because a test may replace it. */
function invoke(owner: object, name: string, args: readonly unknown[]): unknown {
  return Reflect.apply(methodOf(owner, name), owner, args);
}

/** Nest accepts any token here, but has no type for all of them. */
function tokenOf(provider: Provider): symbol {
  return provider.token as symbol;
}
