import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { PusherService, WebhookDispatcher } from 'nestjs-pusher-channels';
import { ActionsController, AppModule } from './app.module.js';

type Handler = (app: INestApplicationContext, request: Request) => Promise<object | null>;

/** What the controllers of the application do elsewhere: Express does not run in workerd. */
const ROUTES: Readonly<Record<string, Handler>> = {
  async '/pusher/auth'(app, request) {
    const form = new URLSearchParams(await request.text());
    const [socketId, channel] = [form.get('socket_id') ?? '', form.get('channel_name') ?? ''];
    const member = channel.startsWith('presence-') ? { userId: '7' } : undefined;
    return app.get<PusherService>(PusherService).authorizeChannel(socketId, channel, member);
  },

  async '/pusher/webhooks'(app, request) {
    const headers = Object.fromEntries(request.headers);
    const rawBody = await request.text();
    const webhook = app.get<PusherService>(PusherService).receiveWebhook({ headers, rawBody });
    await app.get(WebhookDispatcher).dispatch(webhook);
    return null;
  },
};

async function act(app: INestApplicationContext, request: Request): Promise<object | null> {
  const name = new URL(request.url).pathname.split('/').at(-1) ?? '';
  return app.get(ActionsController).run(name, (await request.json()) as { channel: string });
}

interface WorkerContext {
  waitUntil(work: Promise<unknown>): void;
}

let starting: Promise<INestApplicationContext> | undefined;

export default {
  async fetch(request: Request, _env: unknown, context: WorkerContext): Promise<Response> {
    // A worker may do nothing that takes time before its first request.
    const app = await (starting ??= NestFactory.createApplicationContext(AppModule));
    const handler = ROUTES[new URL(request.url).pathname] ?? act;
    const response = Response.json(await handler(app, request));
    // What a request has emitted must be sent on its behalf: workerd ends the rest with the response.
    context.waitUntil(app.get<PusherService>(PusherService).flush());
    return response;
  },
};
