import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { PusherService } from 'nestjs-pusher-channels';

interface ChatEvents {
  'message.created': { author: string; text: string };
}

interface NewMessage {
  author: string;
  text: string;
  /** The sender's own connection, which shows the message already. */
  socketId?: string;
}

@Controller('messages')
export class MessagesController {
  constructor(private readonly pusher: PusherService<ChatEvents>) {}

  @Post()
  @HttpCode(202)
  async send(@Body() { author, text, socketId }: NewMessage): Promise<void> {
    await this.pusher.trigger(
      'chat',
      'message.created',
      { author: author.slice(0, 40), text: text.slice(0, 500) },
      socketId ? { socketId } : {},
    );
  }
}
