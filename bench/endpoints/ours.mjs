import {
  AuthorizeChannel,
  OnPusherWebhook,
  PusherAuthController,
  PusherModule,
  PusherWebhookController,
} from 'nestjs-pusher-channels';
import { APP } from '../app.mjs';
import { decorateMethod } from './decorate.mjs';

/** The endpoints of this package, with one channel rule and a handler for each name of an event. */
export function ours() {
  let handled = 0;

  class Rooms {
    mayJoin(_user, { id }) {
      return id !== '';
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
  decorateMethod(Rooms, 'mayJoin', AuthorizeChannel('private-rooms.{id}'));
  decorateMethod(Rooms, 'memberAdded', OnPusherWebhook('member_added'));
  decorateMethod(Rooms, 'channelOccupied', OnPusherWebhook('channel_occupied'));
  decorateMethod(Rooms, 'clientEvent', OnPusherWebhook('client_event'));

  return {
    module: {
      module: class Root {},
      imports: [PusherModule.forRoot({ ...APP, host: '127.0.0.1' })],
      controllers: [
        PusherAuthController({ user: () => ({ id: 'user-42' }) }),
        PusherWebhookController(),
      ],
      providers: [Rooms],
    },
    handled: () => handled,
  };
}
