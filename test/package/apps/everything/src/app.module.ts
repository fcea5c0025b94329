import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { JwtModule } from '@nestjs/jwt';
import { ThrottlerModule } from '@nestjs/throttler';
import type { Request, Response } from 'express';
import { PusherModule } from 'nestjs-pusher-channels';
import { LoginController, LoginGuard, RateLimit } from './login.js';
import { Orders, OrdersController, OrdersResolver } from './orders.js';
import { RealtimeModule } from './realtime.module.js';

@Module({
  imports: [
    PusherModule.forRootAsync({
      useFactory: () => ({
        url: process.env['PUSHER_URL'],
        cluster: process.env['PUSHER_CLUSTER'],
        socketIdHeader: 'x-socket-id',
      }),
    }),
    JwtModule.register({ global: true, secret: 'of the tokens', signOptions: { expiresIn: '1h' } }),
    ThrottlerModule.forRoot([{ ttl: 60_000, limit: 100 }]),
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      autoSchemaFile: true,
      context: ({ req, res }: { req: Request; res: Response }) => ({ req, res }),
    }),
    RealtimeModule,
  ],
  controllers: [LoginController, OrdersController],
  providers: [
    Orders,
    OrdersResolver,
    { provide: APP_GUARD, useClass: LoginGuard },
    { provide: APP_GUARD, useClass: RateLimit },
  ],
})
export class AppModule {}
