import type { ModuleAxios } from './http-service.js';

/**
 * Tells whether an application has changed an axios instance: added an interceptor, or set a default
 * since this was made. It is asked before each request, so it hears of changes instead of looking
 * for them.
 */
export class AxiosChanges {
  readonly #instance: ModuleAxios;
  #defaultsChanged = false;

  /** Puts itself between the application and `instance.defaults`; axios itself reads past it. */
  constructor(instance: ModuleAxios) {
    this.#instance = instance;
    instance.defaults = watched(instance.defaults, () => {
      this.#defaultsChanged = true;
    });
  }

  get any(): boolean {
    const { request, response } = this.#instance.interceptors;
    return this.#defaultsChanged || hasHandler(request) || hasHandler(response);
  }
}

/** `handlers` is what `use` fills and `eject` empties with nulls; an axios without it counts as changed. */
function hasHandler(manager: object): boolean {
  const { handlers } = manager as { handlers?: readonly unknown[] };
  return handlers === undefined || handlers.some((handler) => handler !== null);
}

/** The same object, whose changes, and those of the objects and lists in it, are told. */
function watched<T extends object>(target: T, onChange: () => void): T {
  return new Proxy(target, {
    get: (bag, name) => {
      const value: unknown = Reflect.get(bag, name);
      return isBag(value) ? watched(value, onChange) : value;
    },
    // Setting and defining both end here.
    defineProperty: (bag, name, descriptor) => {
      onChange();
      return Reflect.defineProperty(bag, name, descriptor);
    },
    deleteProperty: (bag, name) => {
      onChange();
      return Reflect.deleteProperty(bag, name);
    },
  });
}

/** Agents and other instances of classes stay as they are: they need not bear a proxy. */
function isBag(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Array.isArray(value);
}
