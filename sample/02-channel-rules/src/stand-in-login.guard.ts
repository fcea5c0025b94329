import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { PEOPLE, type User } from './people.js';

/**
 * A STAND-IN FOR REAL AUTHENTICATION: it believes the header `X-User`, which anybody can write. Put
 * the guard of your application in its place; all that the library needs is that it sets
 * `request.user`.
 */
@Injectable()
export class StandInLogin implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context
      .switchToHttp()
      .getRequest<{ headers: Record<string, unknown>; user?: User }>();
    const user = PEOPLE.find(({ id }) => id === request.headers['x-user']);
    if (user) request.user = user;
    return user !== undefined;
  }
}
