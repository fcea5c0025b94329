import { BadRequestException } from '@nestjs/common';
import { ValidateBy, validateSync, type ValidationArguments } from 'class-validator';
import type { PusherLimits } from '../../protocol/limits.js';
import { channelKind, hasChannelCharacters, isSocketId } from '../../protocol/names.js';
import type { Fields } from '../../protocol/wire.js';

/** What `pusher.signin()` sends. Every further field is a parameter for the rule. */
export class UserAuthBody {
  @ValidateBy({
    name: 'isSocketId',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && isSocketId(value),
      defaultMessage: () => 'socket_id must be digits, a dot and digits, sent once',
    },
  })
  readonly socket_id: string;

  constructor(fields: Fields) {
    this.socket_id = fields['socket_id'] as string;
  }
}

/** What a subscription sends. */
export class ChannelAuthBody extends UserAuthBody {
  @ValidateBy({
    name: 'isChannelToAuthorize',
    validator: {
      validate: (value: unknown, args?: ValidationArguments) =>
        isChannelToAuthorize(value, maxLengthIn(args)),
      defaultMessage: (args?: ValidationArguments) =>
        `channel_name must start with private- or presence-, have letters, digits and _ - = @ , . ; only, and ${maxLengthIn(args)} characters at most, sent once`,
    },
  })
  readonly channel_name: string;

  constructor(
    fields: Fields,
    readonly limits: Pick<PusherLimits, 'maxChannelNameLength'>,
  ) {
    super(fields);
    this.channel_name = fields['channel_name'] as string;
  }
}

function maxLengthIn(args: ValidationArguments | undefined): number {
  return args?.object instanceof ChannelAuthBody ? args.object.limits.maxChannelNameLength : 0;
}

/** @throws BadRequestException with what class-validator says */
export function checked<Body extends object>(body: Body): Body {
  // Not left to a ValidationPipe: an application may have none, or one that takes fields away.
  const errors = validateSync(body);
  if (errors.length === 0) return body;
  throw new BadRequestException(
    errors.flatMap(({ constraints = {} }) => Object.values(constraints)),
  );
}

/** What the client sent beside the fields of the protocol, without a prototype as well. */
export function paramsOf(fields: Fields): Fields {
  const { socket_id: _socketId, channel_name: _channelName, ...params } = fields;
  return Object.setPrototypeOf(params, null) as Fields;
}

function isChannelToAuthorize(name: unknown, maxLength: number): boolean {
  return (
    typeof name === 'string' &&
    name.length <= maxLength &&
    hasChannelCharacters(name) &&
    channelKind(name) !== 'public'
  );
}
