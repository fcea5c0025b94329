import { BadRequestException, Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { type Load, Traffic } from './traffic.js';

const ROUND_TRIPS_MS = [0, 5, 20, 100];

@Controller('load')
export class TrafficController {
  constructor(private readonly traffic: Traffic) {}

  @Get()
  load(): Load {
    return this.traffic.load;
  }

  @Post()
  @HttpCode(204)
  change(@Body() load: Load): void {
    if (!ROUND_TRIPS_MS.includes(load.roundTripMs))
      throw new BadRequestException(`roundTripMs must be one of ${ROUND_TRIPS_MS.join(', ')}`);
    this.traffic.change(load);
  }
}
