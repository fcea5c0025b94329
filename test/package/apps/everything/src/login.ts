import {
  Body,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Injectable,
  Post,
  Req,
  SetMetadata,
  UnauthorizedException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type GqlContextType, GqlExecutionContext } from '@nestjs/graphql';
import { JwtService } from '@nestjs/jwt';
import { ThrottlerGuard } from '@nestjs/throttler';
import { IsIn } from 'class-validator';
import type { Request, Response } from 'express';

export interface User {
  readonly id: string;
}

declare module 'express-serve-static-core' {
  interface Request {
    user?: User;
  }
}

declare module 'express-session' {
  interface SessionData {
    user: User;
  }
}

/** Exempts a class or a method from `LoginGuard`. */
export const Public = () => SetMetadata('isPublic', true);

/** Express's request and response, of REST and of GraphQL. */
function httpOf(context: ExecutionContext): { req: Request; res: Response } {
  if (context.getType<GqlContextType>() === 'graphql')
    return GqlExecutionContext.create(context).getContext();
  const http = context.switchToHttp();
  return { req: http.getRequest(), res: http.getResponse() };
}

/** Identifies the user by a token in `Authorization`, or by the session. */
@Injectable()
export class LoginGuard implements CanActivate {
  constructor(
    private readonly jwt: JwtService,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const marked = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>('isPublic', marked)) return true;
    const { req } = httpOf(context);
    const user = await this.#userOf(req);
    if (user === undefined) throw new UnauthorizedException();
    req.user = user;
    return true;
  }

  async #userOf({ headers, session }: Request): Promise<User | undefined> {
    const [, token] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? [];
    if (token === undefined) return session.user;
    const claims = await this.jwt.verifyAsync<{ sub: string }>(token).catch(() => undefined);
    return claims && { id: claims.sub };
  }
}

/** The throttler of REST and GraphQL. */
@Injectable()
export class RateLimit extends ThrottlerGuard {
  protected override getRequestResponse(context: ExecutionContext): {
    req: Request;
    res: Response;
  } {
    return httpOf(context);
  }
}

export class Login {
  @IsIn(['ada', 'bob'])
  name!: string;
}

@Public()
@Controller('login')
export class LoginController {
  constructor(private readonly jwt: JwtService) {}

  /** Starts a session, and returns a token for clients without cookies. */
  @Post()
  async login(@Body() { name }: Login, @Req() { session }: Request): Promise<{ token: string }> {
    session.user = { id: name };
    return { token: await this.jwt.signAsync({}, { subject: name }) };
  }
}
