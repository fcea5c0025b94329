import { inspect } from 'node:util';
import type { LoggerService } from '@nestjs/common';

/** A logger that keeps everything it receives, inspected as deeply as possible. */
export class InspectingLogger implements LoggerService {
  readonly lines: string[] = [];

  log(...given: unknown[]): void {
    this.lines.push(...given.map(everythingShown));
  }

  error = this.log.bind(this);
  warn = this.log.bind(this);
  debug = this.log.bind(this);
  verbose = this.log.bind(this);
  fatal = this.log.bind(this);
}

/** Every way in which a value can end up in a log. */
export function everythingShown(value: unknown): string {
  const shown = [inspect(value, { depth: 12, showHidden: true, maxStringLength: Infinity })];
  shown.push(String(value), JSON.stringify(value) ?? '');
  if (value instanceof Error)
    shown.push(value.message, value.stack ?? '', everythingShown(value.cause));
  return shown.join('\n');
}
