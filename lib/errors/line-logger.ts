import { type ConsoleLogger, Logger } from '@nestjs/common';
import { printable } from './printable.js';

/**
 * The logger of this library. Each message is one line, whatever it contains: channel names, event
 * names and error messages come from outside.
 */
export class LineLogger extends Logger {
  /**
   * Whether debug messages go anywhere. Whichever object receives them knows; one that does not say so
   * receives them all. `Logger.isLevelEnabled` of Nest 11 does not know of loggers of the application.
   */
  isDebugEnabled(): boolean {
    const receiver: Partial<ConsoleLogger> | undefined = this.localInstance;
    if (receiver?.debug === undefined) return false;
    return receiver.isLevelEnabled?.('debug') !== false;
  }

  override debug(message: string): void {
    super.debug(printable(message));
  }

  override log(message: string): void {
    super.log(printable(message));
  }

  override warn(message: string): void {
    super.warn(printable(message));
  }

  /** @param stack of the error behind the message, as `safeCause` returns it */
  override error(message: string, stack?: string): void {
    super.error(printable(message), stack);
  }
}
