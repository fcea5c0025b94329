import { BadRequestException, Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { type Order, type Product, Shop, SoldOutError } from './shop.js';

@Controller('shop')
export class ShopController {
  constructor(private readonly shop: Shop) {}

  @Get()
  state(): Promise<{ products: Product[]; orders: Order[] }> {
    return this.shop.state();
  }

  /** Knows nothing of events: `toOthers` finds the sender's connection in the headers of the request. */
  @Post('orders')
  @HttpCode(200)
  async place(
    @Body() { product, count }: { product: string; count: number },
  ): Promise<Order | { refusal: string }> {
    const { products } = await this.shop.state();
    const isKnown = products.some(({ name }) => name === product);
    if (!isKnown || !Number.isInteger(count) || count < 1) throw new BadRequestException();
    try {
      return await this.shop.place(product, count);
    } catch (error) {
      if (error instanceof SoldOutError) return { refusal: error.message };
      throw error;
    }
  }
}
