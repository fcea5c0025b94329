import { Controller, type ControllerOptions } from '@nestjs/common';

/** How the class of an endpoint is mounted. */
export interface EndpointControllerOptions {
  /** Name of the class. The throttler counts requests by it, so each app needs its own. */
  name: string;
  /** Path of the endpoint, after the global prefix. */
  path: string | string[];
  /** Version of the endpoint, if the application uses versioning. */
  version: ControllerOptions['version'] | undefined;
  /** Host that requests must be for. */
  host: ControllerOptions['host'] | undefined;
  /** Decorators of the application for the class. The last one in the list is applied first. */
  decorators: readonly ClassDecorator[];
}

/** `@Controller()` for a class that is created at run time, with a name and decorators of its own. */
export function EndpointController(options: EndpointControllerOptions): ClassDecorator {
  const { name, path, version, host, decorators } = options;
  return (endpoint) => {
    Controller({
      path,
      ...(version !== undefined && { version }),
      ...(host !== undefined && { host }),
    })(endpoint);
    Object.defineProperty(endpoint, 'name', { value: name });
    for (const decorate of decorators.toReversed()) decorate(endpoint);
  };
}
