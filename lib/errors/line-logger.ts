import { Logger } from '@nestjs/common';
import { printable } from './printable.js';

/**
 * The logger of this library. Each message is one line, whatever it contains: channel names, event
 * names and error messages come from outside.
 */
export class LineLogger extends Logger {
  override debug(message: string): void {
    super.debug(printable(message));
  }

  override warn(message: string): void {
    super.warn(printable(message));
  }

  /** @param stack of the error behind the message, as `safeCause` returns it */
  override error(message: string, stack?: string): void {
    super.error(printable(message), stack);
  }
}
