import { ASYNCHRONOUS, checkPayload, type PayloadProblem } from '../../events/check-payload.js';
import type { EventSchemas } from '../../events/define-events.js';
import { quoted } from '../../protocol/names.js';
import type { ClientEvent } from '../webhook-event.js';

/** A client event that is not what the list of events says. */
export interface ClientEventMisfit {
  /** Name of the declared event; `undefined` when the list has no event of that name. */
  readonly declared: string | undefined;
  /** What is wrong, and what to do, as a sentence that begins with "Client event". */
  readonly message: string;
}

/**
 * The event with the output of its schema as its data, or what is wrong. Clients decide what they
 * send, so nothing here throws, not even what a schema throws: the other events of the webhook are not
 * to be lost.
 */
export function checkClientEvent(
  event: ClientEvent,
  schemas: EventSchemas,
): ClientEvent | ClientEventMisfit {
  const name = event.event;
  const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
  if (schema === undefined)
    return {
      declared: undefined,
      message: `Client event ${quoted(name)} on ${quoted(event.channel)} is not in the list of events of the app. Add it to defineEvents if your clients send it.`,
    };
  const misfit = (reason: string): ClientEventMisfit => ({
    declared: name,
    message: `Client event ${quoted(name)} on ${quoted(event.channel)} does not fit its schema${reason}.`,
  });
  try {
    const checked = checkPayload(schema, event.data);
    return checked.ok ? { ...event, data: checked.value } : misfit(reasonOf(checked.problems));
  } catch {
    return misfit(', which threw an error');
  }
}

/** How many places a message lists. */
const LISTED = 5;

/** Where a payload does not fit. Not in the words of the schema, which may quote what the client sent. */
function reasonOf(problems: readonly PayloadProblem[]): string {
  if (problems.includes(ASYNCHRONOUS)) return `: ${ASYNCHRONOUS.message}`;
  const paths = [...new Set(problems.map(({ path }) => path))].filter((path) => path !== '');
  if (paths.length === 0) return '';
  const listed = paths.slice(0, LISTED).map((path) => quoted(path));
  return ` in ${listed.join(', ')}${paths.length > LISTED ? ' and other fields' : ''}`;
}
