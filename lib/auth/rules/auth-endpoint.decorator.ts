import { markMethod } from '../../discovery/method-discovery.js';

/** The key under which the mark is found. */
export const AUTH_ENDPOINT = Symbol.for('nestjs-pusher-channels:auth-endpoint');

/** What a mounted auth controller leaves, so that the start can tell which rules are served. */
export interface AuthEndpointMark {
  readonly app: string;
}

/** @internal */
export function AuthEndpoint(mark: AuthEndpointMark): MethodDecorator {
  return (_target, _key, descriptor) => markMethod(AUTH_ENDPOINT, mark, descriptor.value as object);
}
