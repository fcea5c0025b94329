import { Body, Controller, ForbiddenException, HttpCode, Post, Req } from '@nestjs/common';
import Pusher from 'pusher';
import { APP } from '../app.mjs';
import { decorateMethod, decorateParameter } from './decorate.mjs';

const ROOM = /^private-rooms\.(?<id>[^.]+)$/;

/** The endpoints as one would write them over the official package. */
export function handWritten() {
  const pusher = new Pusher({ ...APP, host: '127.0.0.1' });
  let handled = 0;

  class AuthController {
    authorize({ socket_id: socketId, channel_name: channel }) {
      const room = ROOM.exec(channel);
      if (room === null || room.groups.id === '') throw new ForbiddenException();
      return pusher.authorizeChannel(socketId, channel);
    }
  }
  decorateMethod(AuthController, 'authorize', Post(), HttpCode(200));
  decorateParameter(AuthController, 'authorize', 0, Body());
  Controller('pusher/auth')(AuthController);

  class WebhookController {
    async receive({ headers, rawBody }) {
      const webhook = pusher.webhook({ headers, rawBody });
      if (!webhook.isValid()) throw new ForbiddenException();
      for (const event of webhook.getEvents())
        if (event.name === 'member_added') await this.memberAdded(event);
        else if (event.name === 'channel_occupied') await this.channelOccupied(event);
        else if (event.name === 'client_event') await this.clientEvent(event);
    }

    async memberAdded() {
      handled += 1;
    }

    async channelOccupied() {
      handled += 1;
    }

    async clientEvent() {
      handled += 1;
    }
  }
  decorateMethod(WebhookController, 'receive', Post(), HttpCode(200));
  decorateParameter(WebhookController, 'receive', 0, Req());
  Controller('pusher/webhooks')(WebhookController);

  return {
    module: { module: class Root {}, controllers: [AuthController, WebhookController] },
    handled: () => handled,
  };
}
