import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { PEOPLE, type User } from './people.js';

/**
 * A STAND-IN FOR REAL AUTHENTICATION: it trusts the header `X-User`, which anybody can send. Use your
 * application's own guard instead; the library only needs it to set `request.user`.
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
