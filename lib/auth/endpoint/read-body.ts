import { BadRequestException, InternalServerErrorException, Logger } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { type Fields, hasFields } from '../../protocol/wire.js';
import { NO_BODY_PARSER } from './body-parsers.js';
import { hasPrototypeKey } from './prototype-keys.js';

/**
 * The fields of a body of either form, without a prototype.
 * @throws BadRequestException when it has no fields, or one that could reach a prototype
 * @throws InternalServerErrorException when the application reads no bodies
 */
export function bodyFields(body: unknown, headers: IncomingHttpHeaders): Fields {
  if (body === undefined) throw withoutBody(headers);
  if (!hasFields(body)) throw new BadRequestException(['the body must be a form or a JSON object']);
  if (hasPrototypeKey(body))
    throw new BadRequestException(['__proto__, constructor and prototype are no fields']);
  return Object.assign(Object.create(null) as Fields, body);
}

/** Whose fault it is that there is no body: the client's, if it sent none or none that can be read. */
function withoutBody(headers: IncomingHttpHeaders): Error {
  const type = headers['content-type'] ?? '';
  // pusher-js puts a Content-Type of its `headers` option behind its own; parsers read neither.
  if (type.includes(','))
    return new BadRequestException([
      'the request has two content types: take Content-Type out of the headers that pusher-js is given',
    ]);
  const isSent =
    headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0;
  if (!isSent || !/^application\/(?:x-www-form-urlencoded|json)\b/i.test(type))
    return new BadRequestException(['the body must be a form or a JSON object']);
  new Logger('PusherChannelRules').error(NO_BODY_PARSER);
  return new InternalServerErrorException();
}
