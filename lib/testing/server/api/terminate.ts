import { isUserId } from '../../../protocol/names.js';
import { Refusal } from './answer.js';
import type { ApiRequest } from './api-request.js';

/** `POST /users/:user/terminate_connections`: those signed in as the user, not mere presence members. */
export function terminateConnections({ app, params }: ApiRequest): unknown {
  const { limits, terminationCode } = app.server.settings;
  const userId = params['user'] ?? '';
  if (!isUserId(userId) || userId.length > limits.maxUserIdLength)
    throw new Refusal(400, 'Invalid user id');
  for (const connection of app.users.connectionsOf(userId))
    connection.close(terminationCode, 'Connections of the user were terminated');
  return {};
}
