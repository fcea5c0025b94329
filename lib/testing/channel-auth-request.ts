/** What a request for authorization contains besides the name of the channel. */
export interface ChannelAuthRequestOptions {
  /** Id of the connection. @default '1.1' */
  socketId?: string;
  /** Additional fields, as from `channelAuthorization.params` of pusher-js. */
  params?: Readonly<Record<string, unknown>>;
}

/**
 * The body of a request for authorization, as pusher-js sends it. With supertest:
 *
 * ```ts
 * await request(app.getHttpServer())
 *   .post('/pusher/auth')
 *   .type('form')
 *   .send(channelAuthRequest('private-orders.1'))
 *   .expect(200);
 * ```
 */
export function channelAuthRequest(
  channel: string,
  { socketId = '1.1', params = {} }: ChannelAuthRequestOptions = {},
): Record<string, unknown> {
  return { socket_id: socketId, channel_name: channel, ...params };
}
