import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { PusherValidationError } from 'nestjs-pusher-channels';

/** A payload that does not fit its schema is what the client sent: 400, and what is wrong with it. */
@Catch(PusherValidationError)
export class InvalidPayloadFilter implements ExceptionFilter<PusherValidationError> {
  constructor(private readonly host: HttpAdapterHost) {}

  catch({ message, issues }: PusherValidationError, context: ArgumentsHost): void {
    const response: unknown = context.switchToHttp().getResponse();
    this.host.httpAdapter.reply(response, { message, issues }, 400);
  }
}
