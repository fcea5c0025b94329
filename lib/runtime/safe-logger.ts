/** The part of Nest's logger that is used here. */
export interface LogSink {
  debug(message: string): void;
  warn(message: string): void;
}

/** Wraps a log that may throw: a request that was accepted must not fail because of it. */
export function safeLogger(log: LogSink): LogSink {
  const write = (level: keyof LogSink, message: string): void => {
    try {
      log[level](message);
    } catch {
      // There is nowhere left to report it.
    }
  };
  return {
    debug: (message) => write('debug', message),
    warn: (message) => write('warn', message),
  };
}
