import type { AxiosInstance } from 'axios';

type Bag = Readonly<Record<string, unknown>>;

/**
 * Tells whether an application has changed an axios instance since this was made: added an
 * interceptor, or changed a default. Asked before each request, so it compares and copies nothing.
 */
export class AxiosChanges {
  readonly #defaults: Bag;
  readonly #headers: Bag;
  readonly #common: Bag;

  constructor(private readonly instance: AxiosInstance) {
    this.#defaults = { ...instance.defaults };
    this.#headers = { ...instance.defaults.headers };
    this.#common = { ...instance.defaults.headers.common };
  }

  get any(): boolean {
    const { interceptors, defaults } = this.instance;
    return (
      hasHandler(interceptors.request) ||
      hasHandler(interceptors.response) ||
      differs(defaults, this.#defaults) ||
      differs(defaults.headers, this.#headers) ||
      differs(defaults.headers.common, this.#common)
    );
  }
}

/** `handlers` is what `use` fills and `eject` empties with nulls; an axios without it counts as changed. */
function hasHandler(manager: object): boolean {
  const { handlers } = manager as { handlers?: readonly unknown[] };
  if (handlers === undefined) return true;
  for (const handler of handlers) if (handler !== null) return true;
  return false;
}

function differs(now: object, then: Bag): boolean {
  let names = 0;
  for (const [name, value] of Object.entries(now)) {
    if (value !== then[name]) return true;
    names += 1;
  }
  return names !== Object.keys(then).length;
}
