import { typedChannel } from 'nestjs-pusher-channels/client';
import { effectScope } from 'vue';
import { Channel } from './channel.js';
import { events } from './events.js';
import { useEvent } from './use-event.ts';

const channel = new Channel();
const component = effectScope();
component.run(() =>
  useEvent(typedChannel(events, channel), 'message.created', ({ id }) =>
    console.log('received:', id),
  ),
);
channel.deliver('message.created', { id: '7' });
component.stop();
channel.deliver('message.created', { id: '8' });
