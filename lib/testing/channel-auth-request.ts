import {
  argumentShape,
  invalidArgument,
  isRecord,
  readArgument,
  valueOfType,
  whatWasGiven,
} from '../protocol/arguments.js';

/** What a request for authorization contains besides the name of the channel. */
export interface ChannelAuthRequestOptions {
  /** Id of the connection. @default '1.1' */
  socketId?: string | undefined;
  /** Additional fields, as from `channelAuthorization.params` of pusher-js. */
  params?: Readonly<Record<string, unknown>> | undefined;
}

const OPTIONS = argumentShape('option', "{ socketId: '1.1' }", ['socketId', 'params']);

/**
 * The body of a request for authorization, as pusher-js sends it. Names and ids may be ones that the
 * application refuses; they only have to be strings. With supertest:
 *
 * ```ts
 * await request(app.getHttpServer())
 *   .post('/pusher/auth')
 *   .type('form')
 *   .send(channelAuthRequest('private-orders.1'))
 *   .expect(200);
 * ```
 * @throws PusherValidationError that names the argument
 */
export function channelAuthRequest(
  channel: string,
  options: ChannelAuthRequestOptions = {},
): Record<string, unknown> {
  const { socketId = '1.1', params = {} } = readArgument(options, 'options', OPTIONS);
  valueOfType(channel, 'channel', ['string']);
  valueOfType(socketId, 'socketId', ['string']);
  if (!isRecord(params))
    throw invalidArgument('params', `must be an object with fields; ${whatWasGiven(params)}`);
  return { socket_id: socketId, channel_name: channel, ...params };
}
