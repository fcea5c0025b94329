import { Controller, Get, NotFoundException, Param, StreamableFile } from '@nestjs/common';
import { ChannelsServer } from '../../shared/channels-server.js';
import { BuiltPage } from './built-page.js';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

@Controller()
export class PageController {
  constructor(
    private readonly server: ChannelsServer,
    private readonly page: BuiltPage,
  ) {}

  @Get()
  index(): StreamableFile {
    return this.#send('index.html');
  }

  @Get('assets/:name')
  asset(@Param('name') name: string): StreamableFile {
    return this.#send(`assets/${name}`);
  }

  @Get('config')
  config(): object {
    return this.server.clientOptions();
  }

  #send(name: string): StreamableFile {
    const content = this.page.file(name);
    if (content === undefined) throw new NotFoundException();
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)];
    return new StreamableFile(content, type === undefined ? {} : { type });
  }
}
