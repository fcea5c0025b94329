import { PusherValidationError } from '../errors/pusher-validation.error.js';
import { checkNoOptions, shownName, typeName } from '../protocol/arguments.js';
import { broadcastsOf, classOf } from './broadcast.decorator.js';
import { declaredEvent, type EventService } from './event-declaration.js';

/**
 * Emits an object as the `@Broadcast()` of its class declares. When a function of one declaration throws,
 * nothing is emitted.
 * @param serviceOf returns the service of the app that a declaration names, or of the app that broadcasts
 * @param more further arguments of the caller, which must be none
 * @throws PusherValidationError when its class has no `@Broadcast()`, or what it declares is not valid
 */
export function broadcastEvent(
  event: unknown,
  serviceOf: (app: string | undefined) => Pick<EventService, 'emit'>,
  more: readonly unknown[] = [],
): void {
  checkNoOptions('broadcast', more, 'Write `toOthers` into @Broadcast(), or emit the event.');
  const declarations = broadcastsOf(event);
  if (declarations.length === 0) throw notBroadcast(event);
  const emissions = declarations.flatMap((declaration) => {
    const args = declaredEvent(declaration, event, []);
    return args === undefined ? [] : [{ service: serviceOf(declaration.app), args }];
  });
  for (const { service, args } of emissions) service.emit(...args);
}

function notBroadcast(event: unknown): PusherValidationError {
  const name = classOf(event)?.name;
  const given =
    name === undefined || name === '' || name === 'Object'
      ? typeName(event)
      : `one of ${shownName(name)}`;
  return new PusherValidationError(
    'event',
    `\`event\` must be an object of a class with @Broadcast(); ${given} was given. Put @Broadcast({ as, on, with }) on its class.`,
  );
}
