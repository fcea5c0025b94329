import type { IncomingHttpHeaders } from 'node:http';
import { BadRequestException, InternalServerErrorException } from '@nestjs/common';
import { LineLogger } from '../../errors/line-logger.js';
import type { PusherLimits } from '../../protocol/limits.js';
import { channelKind, hasChannelCharacters, isSocketId } from '../../protocol/names.js';
import { bytesOf } from '../../protocol/bytes.js';
import { type Fields, hasFields } from '../../protocol/json.js';

/** What the log says when no body arrives although the client sent one. */
export const NO_BODY_PARSER =
  'PusherAuthController needs body parsers, and the application has none. Leave the `bodyParser` option of NestFactory.create on, or add express.urlencoded() and express.json() before the application starts.';

/** What `pusher.signin()` sends. */
export interface UserAuthBody {
  readonly socketId: string;
  /** What the client sent beside the fields of the protocol. It has no prototype. */
  readonly params: Fields;
}

/** What a subscription sends. */
export interface ChannelAuthBody extends UserAuthBody {
  readonly channel: string;
}

/**
 * Reads a form or a JSON object.
 * @throws BadRequestException that lists what is wrong with the body
 * @throws InternalServerErrorException when the application has no body parser
 */
export function readUserAuthBody(body: unknown, headers: IncomingHttpHeaders): UserAuthBody {
  const { socketId, params } = fieldsIn(body, headers);
  if (isValidSocketId(socketId)) return { socketId, params };
  throw new BadRequestException([SOCKET_ID_FAULT]);
}

/**
 * Reads a form or a JSON object.
 * @throws BadRequestException that lists what is wrong with the body
 * @throws InternalServerErrorException when the application has no body parser
 */
export function readChannelAuthBody(
  body: unknown,
  headers: IncomingHttpHeaders,
  limits: Pick<PusherLimits, 'maxChannelNameLength'>,
): ChannelAuthBody {
  const { socketId, channel, params } = fieldsIn(body, headers);
  const maxLength = limits.maxChannelNameLength;
  const isChannel = isChannelToAuthorize(channel, maxLength);
  const isConnection = isValidSocketId(socketId);
  if (isChannel && isConnection) return { socketId, channel, params };
  throw new BadRequestException([
    ...(isChannel ? [] : [channelFault(maxLength)]),
    ...(isConnection ? [] : [SOCKET_ID_FAULT]),
  ]);
}

const SOCKET_ID_FAULT = 'socket_id must be two numbers with a dot between them, sent once';

function channelFault(maxLength: number): string {
  return `channel_name must start with private- or presence-, be sent once, have at most ${maxLength} characters, and contain only letters, digits and _ - = @ , . ;`;
}

// Not left to a ValidationPipe: an application may have none, or one that removes fields.
function isValidSocketId(id: unknown): id is string {
  return typeof id === 'string' && isSocketId(id);
}

function isChannelToAuthorize(name: unknown, maxLength: number): name is string {
  return (
    typeof name === 'string' &&
    name.length <= maxLength &&
    hasChannelCharacters(name) &&
    channelKind(name) !== 'public'
  );
}

/** The fields of the protocol, unchecked, and the others. */
function fieldsIn(
  given: unknown,
  headers: IncomingHttpHeaders,
): { socketId: unknown; channel: unknown; params: Fields } {
  if (given === undefined) throw withoutBody(headers);
  const body = isText(given) ? parsed(given, headers) : given;
  if (!hasFields(body)) throw notFields();
  if (hasPrototypeKey(body))
    throw new BadRequestException([
      'the body must not have fields called __proto__, constructor or prototype',
    ]);
  const { socket_id: socketId, channel_name: channel } = body as Fields;
  const params = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(body))
    if (name !== 'socket_id' && name !== 'channel_name') params[name] = value;
  return { socketId, channel, params };
}

type Text = string | Uint8Array;

/** Some applications have parsers that leave every body as text or bytes. */
function isText(body: unknown): body is Text {
  return typeof body === 'string' || bytesOf(body) !== undefined;
}

function parsed(body: Text, { 'content-type': type = '' }: IncomingHttpHeaders): unknown {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  if (FORM.test(type)) return fieldsOfForm(text);
  if (!JSON_TYPE.test(type)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The fields by name; one that was sent more than once is a list. */
function fieldsOfForm(text: string): Fields {
  const fields = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of new URLSearchParams(text)) {
    const before = fields[name];
    if (before === undefined) fields[name] = value;
    else if (Array.isArray(before)) before.push(value);
    else fields[name] = [before, value];
  }
  return fields;
}

function notFields(): BadRequestException {
  return new BadRequestException(['the body must be a form or a JSON object']);
}

const FORM = /^application\/x-www-form-urlencoded\b/i;
const JSON_TYPE = /^application\/json\b/i;

/** The error for a missing body. It is the client's fault if it sent none, or one of another type. */
function withoutBody(headers: IncomingHttpHeaders): Error {
  const type = headers['content-type'] ?? '';
  // pusher-js appends a Content-Type of its `headers` option to its own; parsers read neither.
  if (type.includes(','))
    return new BadRequestException([
      'the request has two content types: remove Content-Type from the headers that pusher-js is configured with',
    ]);
  const isSent =
    headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0;
  if (!isSent || !(FORM.test(type) || JSON_TYPE.test(type))) return notFields();
  new LineLogger('PusherChannelRules').error(NO_BODY_PARSER);
  return new InternalServerErrorException();
}

/** Alone, or in the brackets that some parsers of forms leave in the name of a field. */
const PROTOTYPE_KEY = /(?:^|\[)(?:__proto__|constructor|prototype)(?:$|[[\]])/;

/**
 * Whether the value has, at any depth, a field that would reach a prototype when it is copied
 * carelessly. Works without recursion: a body may be nested deeper than the stack.
 */
export function hasPrototypeKey(value: object): boolean {
  const left: object[] = [value];
  for (let next = left.pop(); next !== undefined; next = left.pop())
    for (const [key, inner] of Object.entries(next) as [string, unknown][]) {
      if (PROTOTYPE_KEY.test(key)) return true;
      if (typeof inner === 'object' && inner !== null) left.push(inner);
    }
  return false;
}
