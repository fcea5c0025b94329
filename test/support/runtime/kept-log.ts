import type { LogSink } from '../../../lib/errors/line-logger.js';

/** What has been logged. */
export interface KeptLines {
  debug: string[];
  warn: string[];
}

/** A logger that keeps its messages. */
export function keptLog(): { lines: KeptLines; logger: LogSink } {
  const lines: KeptLines = { debug: [], warn: [] };
  const logger: LogSink = {
    isDebugEnabled: () => true,
    debug: (message) => void lines.debug.push(message),
    warn: (message) => void lines.warn.push(message),
  };
  return { lines, logger };
}
