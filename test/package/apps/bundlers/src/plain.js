import { socketIdHeaders, typedChannel } from 'nestjs-pusher-channels/client';
import { Channel } from './channel.js';
import { events } from './events.js';

const channel = new Channel();
const onInvalid = ({ issues }) => console.log('invalid:', issues[0].message);
const stop = typedChannel(events, channel, { check: true, onInvalid }).bind(
  'message.created',
  ({ id }) => console.log('received:', id),
);
channel.deliver('message.created', { id: '7' });
channel.deliver('message.created', { id: 8 });
stop();
channel.deliver('message.created', { id: '9' });
console.log('header:', socketIdHeaders({ connection: { socket_id: '1.2' } })['X-Socket-ID']);
