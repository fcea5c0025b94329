import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import {
  Controller,
  type DynamicModule,
  Get,
  Header,
  Inject,
  StreamableFile,
} from '@nestjs/common';
import { ChannelsServer } from './channels-server.js';
import { ChannelsServerModule } from './channels-server.module.js';

const PUSHER_JS = createRequire(import.meta.url).resolve(
  'pusher-js/dist/web/pusher-with-encryption.min.js',
);
const HTML = Symbol('the file of the page');

/** A file of the samples, which are started in the root of the repository. */
function fileOf(...path: string[]): string {
  return resolve('sample', ...path);
}

function send(path: string): StreamableFile {
  return new StreamableFile(createReadStream(path));
}

/** `page.html` of a sample, and what all pages load. */
@Controller()
class PageController {
  constructor(
    private readonly server: ChannelsServer,
    @Inject(HTML) private readonly html: string,
  ) {}

  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  page(): StreamableFile {
    return send(this.html);
  }

  @Get('page.css')
  @Header('Content-Type', 'text/css; charset=utf-8')
  style(): StreamableFile {
    return send(fileOf('shared/page.css'));
  }

  @Get('page.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  script(): StreamableFile {
    return send(fileOf('shared/page.js'));
  }

  @Get('pusher.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  pusher(): StreamableFile {
    return send(PUSHER_JS);
  }

  @Get('config')
  config(): object {
    return this.server.clientOptions();
  }
}

export class PageModule {
  /** @param sample the folder of the sample whose `page.html` is shown */
  static of(sample: string): DynamicModule {
    return {
      module: PageModule,
      imports: [ChannelsServerModule],
      controllers: [PageController],
      providers: [{ provide: HTML, useValue: fileOf(sample, 'page.html') }],
    };
  }
}
