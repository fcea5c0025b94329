import { type ConsoleLogger, Logger } from '@nestjs/common';
import { printable } from './printable.js';

/** What is needed of a logger by code that logs. */
export type LogSink = Pick<LineLogger, 'isDebugEnabled' | 'debug' | 'warn'>;

/**
 * The logger of this library. Each message is one line, whatever it contains: channel names, event
 * names and error messages come from outside. A logger of the application that throws is ignored: a
 * request that was accepted must not fail because of it.
 */
export class LineLogger extends Logger {
  /**
   * Whether debug messages go anywhere. Whichever object receives them knows; one that does not say so
   * receives them all. `Logger.isLevelEnabled` of Nest 11 does not know of loggers of the application.
   */
  isDebugEnabled(): boolean {
    const receiver: Partial<ConsoleLogger> | undefined = this.localInstance;
    if (receiver?.debug === undefined) return false;
    try {
      return receiver.isLevelEnabled?.('debug') !== false;
    } catch {
      return true;
    }
  }

  override debug(message: string): void {
    ignoringErrors(() => super.debug(printable(message)));
  }

  override log(message: string): void {
    ignoringErrors(() => super.log(printable(message)));
  }

  override warn(message: string): void {
    ignoringErrors(() => super.warn(printable(message)));
  }

  /** @param stack of the error behind the message, as `safeCause` returns it */
  override error(message: string, stack?: string): void {
    ignoringErrors(() => super.error(printable(message), stack));
  }
}

function ignoringErrors(write: () => void): void {
  try {
    write();
  } catch {
    // There is nowhere left to report it.
  }
}
