import { Inject, type InjectionToken } from '@nestjs/common';
import { DEFAULT_APP } from './options/pusher-options.js';
import { checkName } from './protocol/arguments.js';
import { PusherService } from './pusher.service.js';

/** Registered symbols, so that the ESM and the CommonJS build of the package agree on them. */
function token(part: string, app: string): symbol {
  return Symbol.for(`nestjs-pusher-channels/${part}/${app}`);
}

/** The options as the application wrote them. @internal */
export const MODULE_OPTIONS = Symbol.for('nestjs-pusher-channels/module-options');

/** The options of an app, resolved. @internal */
export function optionsToken(app: string): symbol {
  return token('options', app);
}

/** The connection of an app to its server. @internal */
export function connectionToken(app: string): symbol {
  return token('connection', app);
}

/**
 * The token of an app's service: the class `PusherService` itself for the app without a name.
 * @throws PusherValidationError when the name is not a non-empty string
 */
export function getPusherToken(name?: string | null): InjectionToken<PusherService> {
  const app = appNamed(name);
  return app === DEFAULT_APP ? PusherService : token('service', app);
}

function appNamed(name: string | null | undefined): string {
  const app = name ?? DEFAULT_APP;
  checkName(app, 'name', 'the name of an app');
  return app;
}

/**
 * Injects the service of the app with that name, or of the app without a name.
 * @throws PusherValidationError when the name is not a non-empty string
 */
export function InjectPusher(name?: string): PropertyDecorator & ParameterDecorator {
  return Inject(getPusherToken(name));
}

/** The token of the `HttpService` that can intercept the requests of an app. @internal */
export function httpToken(name?: string): symbol {
  return token('http', appNamed(name));
}

/**
 * Injects the `HttpService` of an app, for adding interceptors to its axios instance. As soon as it
 * has one, requests are sent through it.
 * @throws PusherValidationError when the name is not a non-empty string
 */
export function InjectPusherHttp(name?: string): PropertyDecorator & ParameterDecorator {
  return Inject(httpToken(name));
}
