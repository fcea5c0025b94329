import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AuthorizeChannel, PusherAuthController, PusherModule } from 'nestjs-pusher-channels';
import { APP } from '../app.mjs';

/** A class with the given number of channel rules, one for each kind of channel. */
function classWithRules(count) {
  class Rules {}
  for (let at = 0; at < count; at += 1) {
    const name = `rule${at}`;
    Object.defineProperty(Rules.prototype, name, {
      value: (_user, { id }) => id !== '',
      configurable: true,
      writable: true,
    });
    const descriptor = Object.getOwnPropertyDescriptor(Rules.prototype, name);
    AuthorizeChannel(`private-things${at}.{id}`)(Rules.prototype, name, descriptor);
  }
  return Rules;
}

/** How many responses per second the authorization endpoint sends, without a network. */
export async function rulesPerSecond({ rules, ms }) {
  const root = {
    module: class Root {},
    imports: [PusherModule.forRoot({ ...APP, host: '127.0.0.1' })],
    providers: [classWithRules(rules)],
    controllers: [PusherAuthController({ user: () => ({ id: 'user-42' }) })],
  };
  const app = await NestFactory.create(root, new FastifyAdapter(), { logger: false });
  await app.init();
  const server = app.getHttpAdapter().getInstance();
  await server.ready();
  let at = 0;
  const authorize = async () => {
    at = (at + 7) % rules;
    const payload = { socket_id: '123.456', channel_name: `private-things${at}.17` };
    const response = await server.inject({ method: 'POST', url: '/pusher/auth', payload });
    if (response.statusCode !== 200) throw new Error(`refused: ${response.payload}`);
  };
  const start = performance.now();
  let made = 0;
  for (; performance.now() - start < ms; made += 1) await authorize();
  const seconds = (performance.now() - start) / 1000;
  await app.close();
  return made / seconds;
}
