import {
  BackgroundPublisher,
  type BackgroundPorts,
} from '../../../lib/publishing/background/background-publisher.js';
import { ErrorLocator } from '../../../lib/http/error-locator.js';
import type { EventPublisher } from '../../../lib/publishing/event-publisher.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { keptLog } from '../runtime/kept-log.js';

/** A background publisher that keeps what it logs. */
export function backgroundOver(
  publisher: EventPublisher,
  ports: Partial<BackgroundPorts> = {},
): BackgroundPublisher {
  return new BackgroundPublisher({
    app: 'default',
    publisher,
    clock: new ManualClock(),
    logger: keptLog().logger,
    locator: new ErrorLocator(undefined),
    ...ports,
  });
}
