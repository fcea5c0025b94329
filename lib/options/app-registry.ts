import { PusherOptionsError } from '../errors/pusher-options.error.js';
import { DEFAULT_APP, type PusherOptions } from './pusher-options.js';

/** The Pusher apps of one Nest application. Each registration of the module adds one. */
export class AppRegistry {
  readonly #apps = new Map<string, PusherOptions>();

  /** @throws PusherOptionsError when the name is taken */
  add(options: PusherOptions): PusherOptions {
    if (this.#apps.has(options.name))
      throw new PusherOptionsError([
        `The app "${options.name}" is registered twice. Give each additional app its own name: PusherModule.forRoot({ name: 'eu', … }).`,
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
