import { PusherValidationError } from '../errors/pusher-validation.error.js';
import { checkPayload, type PayloadProblem } from '../events/check-payload.js';
import type { EventSchemas } from '../events/define-events.js';
import { quoted } from '../protocol/names.js';
import type { EventDraft } from './validate-event.js';

/** Problems that a message lists; the error has them all. */
const LISTED = 5;

/**
 * The draft with the output of its schema in the place of its data.
 * @throws PusherValidationError when the event is not in the list, or its data does not fit
 */
export function applySchema(draft: EventDraft, events: EventSchemas): EventDraft {
  const schema = Object.hasOwn(events, draft.event) ? events[draft.event] : undefined;
  if (schema === undefined) throw undeclared(draft, events);
  const checked = checkPayload(schema, draft.data);
  if (!checked.ok) throw misfit(draft, checked.problems);
  return { ...draft, data: checked.value };
}

function undeclared({ prefix, event }: EventDraft, events: EventSchemas): PusherValidationError {
  const names = Object.keys(events);
  const near = names.find((name) => lettersOf(name) === lettersOf(event));
  const remedy =
    near === undefined
      ? `Its events are ${names
          .slice(0, 10)
          .map((name) => quoted(name))
          .join(', ')}${names.length > 10 ? ', …' : ''}. Add the event to defineEvents`
      : `Did you mean ${quoted(near)}?`;
  return new PusherValidationError(
    `${prefix}event`,
    `\`${prefix}event\` ${quoted(event)} is not in the list of events of this app. ${remedy}${near === undefined ? '.' : ''}`,
  );
}

/** Names that differ only in case, dots and dashes are the same name to people. */
function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function misfit(
  { prefix, event }: EventDraft,
  problems: readonly PayloadProblem[],
): PusherValidationError {
  const listed = problems.slice(0, LISTED).map(({ path, message }) => {
    const said = quoted(message, 200).slice(1, -1);
    return path === '' ? said : `${quoted(path).slice(1, -1)}: ${said}`;
  });
  const more = problems.length > LISTED ? `; and ${problems.length - LISTED} more` : '';
  return new PusherValidationError(
    `${prefix}data`,
    `\`${prefix}data\` does not fit the schema of ${quoted(event)}: ${listed.join('; ')}${more}.`,
    undefined,
    problems,
  );
}
