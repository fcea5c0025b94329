import type { IncomingHttpHeaders } from 'node:http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { LineLogger } from '../errors/line-logger.js';
import { socketIdIn } from './sender.js';

const DEFAULT_HEADER = 'x-socket-id';

/**
 * Injects the socket id of the sender, from the header `X-Socket-ID` or the one that is named. It is
 * `undefined` when the header is absent or not a socket id: clients send it, and it never fails a
 * request.
 *
 * ```ts
 * @Post()
 * create(@Body() order: NewOrder, @SocketId() socketId?: string) {}
 * ```
 */
export const SocketId: (header?: string) => ParameterDecorator = createParamDecorator(
  (header: string | undefined, context: ExecutionContext): string | undefined => {
    const name = (header ?? DEFAULT_HEADER).toLowerCase();
    const { headers } = context.switchToHttp().getRequest<{ headers: IncomingHttpHeaders }>();
    const socketId = socketIdIn(headers[name]);
    if (headers[name] !== undefined && socketId === undefined)
      new LineLogger('Pusher').debug(`The header ${name} is not a socket id, and is ignored.`);
    return socketId;
  },
);
