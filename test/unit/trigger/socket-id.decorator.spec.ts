import { describe, expect, it } from '@jest/globals';
import { Controller, type ExecutionContext, Post } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { SocketId } from '../../../lib/index.js';

@Controller()
class Orders {
  @Post()
  pay(@SocketId() _socketId?: string): void {}
}

const request = { headers: { 'x-socket-id': '12.34' } };

/** What Nest calls for the parameter. */
function injected(type: string, ...args: unknown[]): unknown {
  const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, Orders, 'pay') as Record<
    string,
    { factory(data: undefined, context: ExecutionContext): unknown }
  >;
  const context = new ExecutionContextHost(args);
  context.setType(type);
  return Object.values(parameters)[0]?.factory(undefined, context);
}

describe('@SocketId()', () => {
  it.each([
    ['a route', 'http', [request]],
    ['a resolver of Apollo', 'graphql', [undefined, {}, { req: request }]],
    ['a resolver of Mercurius', 'graphql', [undefined, {}, { reply: { request } }]],
  ])('is the socket id in the header of the request: %s', (_, type, args) => {
    expect(injected(type, ...args)).toBe('12.34');
  });

  it.each([
    ['a route without the header', 'http', [{ headers: {} }]],
    ['a route with something else in the header', 'http', [{ headers: { 'x-socket-id': 'null' } }]],
    ['a resolver whose context has no request', 'graphql', [undefined, {}, {}]],
    ['a resolver without a context', 'graphql', [undefined, {}, undefined]],
    ['a subscription over WebSocket', 'graphql', [undefined, {}, { req: { extra: {} } }]],
    ['a message', 'rpc', [undefined, {}]],
    ['a message that has headers itself', 'rpc', [request, {}]],
    ['an event of a gateway', 'ws', [{ handshake: request }, 'data']],
  ])('is undefined, and does not fail, in %s', (_, type, args) => {
    expect(injected(type, ...args)).toBeUndefined();
  });
});
