export {
  defineEvents,
  type EventSchema,
  type EventSchemas,
  type EventsOf,
  type ReceivedEventsOf,
  type SchemaIssue,
} from '../events/define-events.js';
export {
  type EchoChannel,
  type InvalidPayload,
  type PusherChannel,
  typedChannel,
  type TypedChannel,
  type TypedChannelOptions,
  typedEcho,
} from './typed-channel.js';
export {
  type PusherPresenceChannel,
  type TypedMember,
  typedPresence,
  type TypedPresence,
} from './typed-presence.js';
export {
  type AngularRequest,
  angularSocketId,
  type AxiosLike,
  axiosWithSocketId,
  fetchWithSocketId,
  socketIdHeaders,
  type SocketIdSource,
} from './socket-id.js';
export { type AuthHandler, authOptions, type AuthOptions } from './auth-options.js';
