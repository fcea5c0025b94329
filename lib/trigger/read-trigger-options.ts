import { PusherValidationError } from '../errors/pusher-validation.error.js';
import {
  type ArgumentShape,
  argumentShape,
  checkArgument,
  optional,
  whatWasGiven,
} from '../protocol/arguments.js';
import type { TriggerOptions } from './trigger-options.js';

/** What others call the connection that is left out, and the requested attributes. */
export const OTHER_NAMES = {
  socket: 'socketId',
  exclude: 'socketId',
  except: 'socketId',
  excludeSocketId: 'socketId',
  attributes: 'info',
};

export const TRIGGER_OPTIONS = argumentShape(
  'option',
  "{ socketId: '123.456' }",
  ['socketId', 'toOthers', 'info', 'splitChannels'],
  { ...OTHER_NAMES, split: 'splitChannels', others: 'toOthers', broadcast: 'toOthers' },
);

export const EMIT_OPTIONS = argumentShape(
  'option',
  '{ toOthers: true }',
  ['socketId', 'toOthers', 'splitChannels'],
  { ...OTHER_NAMES, split: 'splitChannels', others: 'toOthers', broadcast: 'toOthers' },
);

/**
 * The checked options; `null` in them stands for what was left out, as `undefined` does.
 * @throws PusherValidationError that names the option
 */
export function readTriggerOptions(options: TriggerOptions, shape: ArgumentShape): TriggerOptions {
  if (typeof options === 'string')
    throw new PusherValidationError(
      'options',
      "`options` must be an object; a string was given. To leave out a connection, write { socketId: '123.456' }.",
    );
  checkArgument(options, 'options', shape);
  const { socketId, info, splitChannels, toOthers } = options;
  return {
    socketId: optional(socketId),
    info: optional(info),
    splitChannels: booleanOption('splitChannels', splitChannels),
    toOthers: booleanOption('toOthers', toOthers),
  };
}

function booleanOption(name: string, given: unknown): boolean | undefined {
  const value: unknown = optional(given);
  if (value === undefined || typeof value === 'boolean') return value;
  throw new PusherValidationError(
    name,
    `\`${name}\` must be true or false; ${whatWasGiven(value)}.`,
  );
}
