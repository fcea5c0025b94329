/** The part of Nest's logger that is used here. */
export interface LogSink {
  /** Whether debug messages go anywhere. @default they do */
  isDebugEnabled?(): boolean;
  debug(message: string): void;
  warn(message: string): void;
}

/** Wraps a log that may throw: a request that was accepted must not fail because of it. */
export function safeLogger(log: LogSink): Required<LogSink> {
  const write = (level: 'debug' | 'warn', message: string): void => {
    try {
      log[level](message);
    } catch {
      // There is nowhere left to report it.
    }
  };
  return {
    isDebugEnabled: () => {
      try {
        return log.isDebugEnabled?.() ?? true;
      } catch {
        return true;
      }
    },
    debug: (message) => write('debug', message),
    warn: (message) => write('warn', message),
  };
}
