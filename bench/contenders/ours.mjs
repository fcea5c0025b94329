import { Injectable } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { InjectPusherHttp, PusherModule, PusherService } from 'nestjs-pusher-channels';
import { APP } from '../app.mjs';

/** This package in a Nest application: plain, batching, or with an interceptor on its HttpService. */
export async function ours({ host, port, useTLS, proxy, batching = false, interceptor = false }) {
  const providers = interceptor ? [Interceptor] : [];
  const options = { ...APP, host, port, useTLS, batching, ...(proxy && { http: { proxy } }) };
  const app = await NestFactory.createApplicationContext(
    {
      module: class Bench {},
      imports: [PusherModule.forRoot(options)],
      providers,
    },
    { logger: false },
  );
  const pusher = app.get(PusherService);
  return {
    trigger: (channel, event, data) => pusher.trigger(channel, event, data),
    authorizeChannel: (socketId, channel) => pusher.authorizeChannel(socketId, channel),
    authorizePresence: (socketId, channel, member) =>
      pusher.authorizeChannel(socketId, channel, member),
    authenticateUser: (socketId, user) => pusher.authenticateUser(socketId, user),
    receiveWebhook: (request) => pusher.receiveWebhook(request),
    close: () => app.close(),
  };
}

/** What an application would add to see its requests. */
class Interceptor {
  constructor(http) {
    http.axiosRef.interceptors.request.use((config) => config);
  }
}
Injectable()(Interceptor);
InjectPusherHttp()(Interceptor, undefined, 0);
