import { PusherOptionsError } from '../errors/pusher-options.error.js';
import { quoted } from '../protocol/names.js';
import { DEFAULT_APP, type PusherOptions } from './pusher-options.js';

/** The Pusher apps of one Nest application. Each registration of the module adds one. */
export class AppRegistry {
  readonly #apps = new Map<string, PusherOptions>();

  /** @throws PusherOptionsError when the name is taken */
  add(options: PusherOptions): PusherOptions {
    if (this.#apps.has(options.name))
      throw new PusherOptionsError([
        options.name === DEFAULT_APP
          ? "PusherModule is registered in more than one module. Import it once, in the root module: it is global, so every module can inject PusherService. Give a further app a name: PusherModule.forRoot({ name: 'eu', … })."
          : `The app ${quoted(options.name)} is registered more than once. Register it once, in the root module: PusherModule is global. Give a further app a name of its own.`,
      ]);
    this.#apps.set(options.name, options);
    return options;
  }

  /** The app with that name; `undefined` when there is none. */
  find(name: string = DEFAULT_APP): PusherOptions | undefined {
    return this.#apps.get(name);
  }

  /** All apps, in the order of registration. */
  all(): PusherOptions[] {
    return [...this.#apps.values()];
  }
}
