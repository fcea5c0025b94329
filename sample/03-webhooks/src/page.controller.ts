import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Controller, Get, Header, Sse, StreamableFile } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { ChannelsServer } from './channels-server.js';
import { Occupancy, type OccupiedChannel } from './occupancy.js';

const PAGE = fileURLToPath(new URL('../public/index.html', import.meta.url));
const PUSHER_JS = createRequire(import.meta.url).resolve('pusher-js/dist/web/pusher.min.js');

@Controller()
export class PageController {
  constructor(
    private readonly server: ChannelsServer,
    private readonly occupancy: Occupancy,
  ) {}

  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  page(): StreamableFile {
    return new StreamableFile(createReadStream(PAGE));
  }

  @Get('pusher.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  script(): StreamableFile {
    return new StreamableFile(createReadStream(PUSHER_JS));
  }

  @Get('config')
  config(): object {
    return this.server.clientOptions();
  }

  @Sse('occupancy')
  live(): Observable<{ data: OccupiedChannel[] }> {
    return this.occupancy.changes().pipe(map((data) => ({ data })));
  }
}
