import {
  type ArgumentsHost,
  type CallHandler,
  Catch,
  type ExceptionFilter,
  type ExecutionContext,
  HttpException,
  type NestInterceptor,
} from '@nestjs/common';
import type { GqlContextType } from '@nestjs/graphql';
import type { Response } from 'express';
import { PusherError } from 'nestjs-pusher-channels';
import { map, type Observable } from 'rxjs';

/** Every result of a REST route is sent as `{ data }`. GraphQL has an envelope of its own. */
export class EnvelopeInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType<GqlContextType>() !== 'http') return next.handle();
    return next.handle().pipe(map((data: unknown) => ({ data })));
  }
}

/** Every error of a REST route is sent as `{ failure }`. GraphQL formats errors itself. */
@Catch()
export class AllExceptionsFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType<GqlContextType>() !== 'http') throw error;
    const status = error instanceof HttpException ? error.getStatus() : 500;
    const code = error instanceof PusherError ? error.code : undefined;
    host.switchToHttp().getResponse<Response>().status(status).json({ failure: { status, code } });
  }
}
