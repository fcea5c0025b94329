import { Body, Controller, Injectable, Param, Post } from '@nestjs/common';
import { Args, Field, ID, Int, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { Throttle } from '@nestjs/throttler';
import { IsInt, IsOptional, IsPositive } from 'class-validator';
import { PusherService, SocketId } from 'nestjs-pusher-channels';

export class Payment {
  @IsInt()
  @IsPositive()
  cents!: number;

  @IsOptional()
  @IsInt()
  tip?: number;
}

@ObjectType()
export class Order {
  @Field(() => ID)
  id!: string;

  @Field(() => Int)
  cents!: number;
}

interface OrderEvents {
  'order.paid': Order;
  'order.refunded': Order;
}

@Injectable()
export class Orders {
  constructor(private readonly pusher: PusherService<OrderEvents>) {}

  async pay(id: string, cents: number, socketId?: string): Promise<Order> {
    await this.pusher.trigger(`private-orders.${id}`, 'order.paid', { id, cents }, { socketId });
    return { id, cents };
  }

  /** Leaves out the sender without being given its socket id. */
  async refund(id: string): Promise<Order> {
    const order = { id, cents: 0 };
    const channel = `private-orders.${id}`;
    await this.pusher.trigger(channel, 'order.refunded', order, { toOthers: true });
    return order;
  }
}

@Controller('orders')
export class OrdersController {
  constructor(private readonly orders: Orders) {}

  @Post(':id/pay')
  pay(
    @Param('id') id: string,
    @Body() { cents, tip = 0 }: Payment,
    @SocketId() socketId?: string,
  ): Promise<Order> {
    return this.orders.pay(id, cents + tip, socketId);
  }

  @Throttle({ default: { ttl: 60_000, limit: 1 } })
  @Post(':id/refund')
  refund(@Param('id') id: string): Promise<Order> {
    return this.orders.refund(id);
  }
}

@Resolver(() => Order)
export class OrdersResolver {
  constructor(private readonly orders: Orders) {}

  @Query(() => Order)
  order(@Args('id', { type: () => ID }) id: string): Order {
    return { id, cents: 0 };
  }

  @Mutation(() => Order)
  payOrder(
    @Args('id', { type: () => ID }) id: string,
    @Args('cents', { type: () => Int }) cents: number,
    @SocketId() socketId?: string,
  ): Promise<Order> {
    return this.orders.pay(id, cents, socketId);
  }

  @Mutation(() => Order)
  refundOrder(@Args('id', { type: () => ID }) id: string): Promise<Order> {
    return this.orders.refund(id);
  }
}
