import { Controller, Sse } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { Occupancy, type Observed } from './occupancy.js';

/** Keeps the page informed of who is where. */
@Controller('occupancy')
export class OccupancyController {
  constructor(private readonly occupancy: Occupancy) {}

  @Sse()
  live(): Observable<{ data: Observed }> {
    return this.occupancy.changes().pipe(map((data) => ({ data })));
  }
}
