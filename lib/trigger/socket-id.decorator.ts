import type { IncomingHttpHeaders } from 'node:http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { LineLogger } from '../errors/line-logger.js';
import { socketIdIn } from './sender.js';

const DEFAULT_HEADER = 'x-socket-id';

/**
 * Injects the socket id of the sender, from the header `X-Socket-ID` or the one that is named, into a
 * handler of a route or a resolver of GraphQL. It is `undefined` when the header is absent or not a
 * socket id: clients send it, and it never fails a request. In handlers of messages, which come without
 * headers, it is `undefined` too.
 *
 * ```ts
 * @Post()
 * create(@Body() order: NewOrder, @SocketId() socketId?: string) {}
 * ```
 */
export const SocketId: (header?: string) => ParameterDecorator = createParamDecorator(
  (header: string | undefined, context: ExecutionContext): string | undefined => {
    const name = (header ?? DEFAULT_HEADER).toLowerCase();
    const value = requestOf(context)?.headers?.[name];
    const socketId = socketIdIn(value);
    if (value !== undefined && socketId === undefined)
      new LineLogger('Pusher').debug(`The header ${name} is not a socket id, and is ignored.`);
    return socketId;
  },
);

interface Request {
  readonly headers?: IncomingHttpHeaders;
}

/** Where GraphQL drivers keep the request: Apollo in `req`, Mercurius in the reply. */
interface GraphQLContext {
  readonly req?: Request;
  readonly reply?: { readonly request?: Request };
}

/** The request that a handler serves, `undefined` if it does not serve one of HTTP. */
function requestOf(context: ExecutionContext): Request | undefined {
  switch (context.getType<'graphql' | 'http' | 'rpc' | 'ws'>()) {
    case 'http':
      return context.switchToHttp().getRequest<Request>();
    case 'graphql': {
      // The arguments of a resolver: root, arguments of the field, context, info.
      const graphQL = context.getArgByIndex<GraphQLContext | undefined>(2);
      return graphQL?.req ?? graphQL?.reply?.request;
    }
    default:
      return undefined;
  }
}
