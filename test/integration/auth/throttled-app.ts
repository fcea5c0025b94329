import { Injectable, UseGuards } from '@nestjs/common';
import { Throttle, ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { AuthorizeChannel } from '../../../lib/auth/rules/authorize-channel.decorator.js';
import { PusherAuthController } from '../../../lib/auth/endpoint/pusher-auth.controller.js';
import { APP, AuthServer, HeaderUser } from '../../support/auth/server.js';
import { ADAPTERS } from '../../support/nest/adapters.js';

@Injectable()
class Rules {
  @AuthorizeChannel('private-{name}')
  see(): boolean {
    return true;
  }
}

const decorators = [
  UseGuards(HeaderUser, ThrottlerGuard),
  Throttle({ default: { limit: 2, ttl: 60_000 } }),
];

/** Prints for each adapter the statuses of three requests to one app, and one to another. */
for (const [name, adapter] of ADAPTERS) {
  await using server = await AuthServer.start({
    adapter,
    apps: [APP, { ...APP, name: 'eu' }],
    imports: [ThrottlerModule.forRoot([{ limit: 100, ttl: 60_000 }])],
    providers: [Rules],
    controllers: [
      PusherAuthController({ decorators }),
      PusherAuthController({ app: 'eu', path: 'eu', decorators }),
    ],
  });
  const statuses = [];
  for (const path of ['/pusher/auth', '/pusher/auth', '/pusher/auth', '/eu/auth']) {
    const fields = { socket_id: '1.1', channel_name: 'private-a' };
    statuses.push((await server.post(path, fields, { user: '1' })).status);
  }
  console.log(JSON.stringify([name, ...statuses]));
}
