import type { ModuleAxios } from './http-service.js';

/**
 * Whether an application has changed an axios instance: added an interceptor, or set a default since
 * this was made. It is read before each request, so it is notified of changes instead of comparing.
 */
export class AxiosChanges {
  readonly #instance: ModuleAxios;
  #defaultsChanged = false;

  /** Replaces `instance.defaults` by a proxy for the application; axios itself reads the original. */
  constructor(instance: ModuleAxios) {
    this.#instance = instance;
    instance.defaults = observed(instance.defaults, () => {
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

/** The same object, with a callback for changes of it and of the objects and lists in it. */
function observed<T extends object>(target: T, onChange: () => void): T {
  return new Proxy(target, {
    get: (original, name) => {
      const value: unknown = Reflect.get(original, name);
      return isPlain(value) ? observed(value, onChange) : value;
    },
    // Setting and defining both end here.
    defineProperty: (original, name, descriptor) => {
      onChange();
      return Reflect.defineProperty(original, name, descriptor);
    },
    deleteProperty: (original, name) => {
      onChange();
      return Reflect.deleteProperty(original, name);
    },
  });
}

/** Agents and other instances of classes stay as they are: they may not work behind a proxy. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Array.isArray(value);
}
